import type { Lamp } from '../controller/lamp.ts';
import { detectorId, laneId, movementId } from '../ids.ts';
import type { Site } from '../intersection/site.ts';
import { measuredFourArms } from '../testing/point-queue-world.ts';
import { MONDAY_7 } from '../testing/sites.ts';
import { after, seconds } from '../time.ts';
import type { Arrival } from './demand.ts';
import { readDemand, startDemand, updateDemand } from './demand-state.ts';

const arms = measuredFourArms();
const TN = laneId('TN_0');
const shared = ['TN_move', 'LN_move', 'LW_move'].map(movementId);
/** One lane for three turns, each with a group of its own. */
const site: Site = {
  ...arms,
  movements: arms.movements.map((movement) => (shared.includes(movement.id) ? { ...movement, fromLane: TN } : movement)),
};

interface Green {
  readonly group: string;
  readonly lamp: Lamp;
  readonly forS: number;
}

/** What the one who has stood at the line all the time may want after `greens` in turn, each followed by 3 s of red. */
const firstAfter = (greens: readonly Green[]): Pick<Arrival, 'movement' | 'oneOf'> => {
  let now = MONDAY_7;
  let state = startDemand(site, now);
  const step = (green: Green | undefined, since = now, actuations = [] as readonly { at: typeof now; on: boolean }[]): void => {
    const lamps = site.groups.map(({ id }) => ({ group: id, lamp: id === green?.group ? green.lamp : ('red' as const), since }));
    const pulses = actuations.map(({ at, on }) => ({ detector: detectorId('TN_stop-line'), at, on }));
    const counts = { junction: site.id, sequence: 1, from: state.at, to: now, counts: [], actuations: pulses };
    state = updateDemand(site, state, { now, counts, lamps });
  };
  step(undefined, now, [{ at: now, on: true }]);
  for (const green of greens) {
    const since = now;
    for (let t = 0; t < green.forS + 3; t++) {
      step(t < green.forS ? green : undefined, since);
      now = after(now, seconds(1));
    }
  }
  const { movement, oneOf } = readDemand(site, state, state.at).lanes.find(({ lane }) => lane === TN)!.arrivals[0]!;
  return { ...(movement && { movement }), ...(oneOf && { oneOf }) };
};

describe('who stands first in a lane of several turns', () => {
  it('may want any of them at first', () => {
    expect(firstAfter([])).toEqual({});
  });

  it('does not want the green it let pass, but any of the others', () => {
    expect(firstAfter([{ group: 'TN', lamp: 'green', forS: 6 }])).toEqual({ oneOf: [movementId('LN_move'), movementId('LW_move')] });
  });

  it('wants what is left when all other greens were let pass', () => {
    const passed = ['TN', 'LN'].map((group): Green => ({ group, lamp: 'green', forS: 6 }));
    expect(firstAfter(passed)).toEqual({ movement: movementId('LW_move') });
  });

  it('may have waited for a gap at a permissive green, but not for long', () => {
    expect(firstAfter([{ group: 'LN', lamp: 'permissive', forS: 8 }])).toEqual({});
    expect(firstAfter([{ group: 'LN', lamp: 'permissive', forS: 14 }])).toEqual({ oneOf: [movementId('TN_move'), movementId('LW_move')] });
  });

  it('is asked anew when all greens were let pass, but for the last: its exit may have been blocked', () => {
    const all = ['TN', 'LN', 'LW'].map((group): Green => ({ group, lamp: 'green', forS: 6 }));
    expect(firstAfter(all)).toEqual({ oneOf: [movementId('TN_move'), movementId('LN_move')] });
  });
});
