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

describe('a queue at a permissive green', () => {
  const LN = arms.groups.find(({ id }) => id === 'LN')!.id;
  /** Time per PCU through gaps, s, after 60 s of `lamp` in which a car leaves every `everyS` seconds (0: nobody does) and the next one follows. */
  const gapHeadwayS = (lamp: Lamp, everyS: number): number => {
    let state = startDemand(arms, MONDAY_7);
    const lamps = arms.groups.map(({ id }) => ({ group: id, lamp: id === LN ? lamp : ('red' as const), since: MONDAY_7 }));
    const loop = detectorId('LN_stop-line');
    for (let t = 0; t < 60; t++) {
      const now = after(MONDAY_7, seconds(t));
      const leaves = everyS > 0 && t % everyS === 0 && t > 0;
      const actuations = [
        ...(leaves ? [{ detector: loop, at: after(now, seconds(-0.8)), on: false }] : []),
        ...(leaves || t === 0 ? [{ detector: loop, at: after(now, seconds(-0.1)), on: true }] : []),
      ];
      state = updateDemand(arms, state, {
        now,
        counts: { junction: arms.id, sequence: t, from: state.at, to: now, counts: [], actuations },
        lamps,
      });
    }
    return readDemand(arms, state, state.at).lanes.find(({ lane }) => lane === laneId('LN_0'))!.gapHeadwayMs! / 1000;
  };

  it('is taken to leave as it has left, where gaps are rare and where they are not', () => {
    expect(gapHeadwayS('permissive', 0)).toBeGreaterThan(20);
    expect(Math.round(gapHeadwayS('permissive', 10))).toBe(10);
    expect(gapHeadwayS('permissive', 3)).toBeLessThan(3.5);
  });

  it('tells nothing of gaps at a protected green or at red', () => {
    expect(gapHeadwayS('green', 3)).toBe(4);
    expect(gapHeadwayS('red', 0)).toBe(4);
  });
});
