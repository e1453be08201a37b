import fc from 'fast-check';
import { reportController, step } from '../controller/step.ts';
import { startController } from '../controller/controller-state.ts';
import type { Override } from '../controller/controller.ts';
import { isGreen } from '../controller/lamp.ts';
import { signalGroupId, stageId } from '../ids.ts';
import type { Site } from '../intersection/site.ts';
import { createStreetChecker } from '../testing/street-checker.ts';
import { measuredFourArms } from '../testing/point-queue-world.ts';
import { MONDAY_7, withCountdown } from '../testing/sites.ts';
import { after, milliseconds, NEVER, seconds, type Instant } from '../time.ts';
import { greenIfEntered } from './entry-green.ts';
import {
  DEFAULT_PREEMPTION,
  entryTime,
  NO_PREEMPTION,
  stageServing,
  stepPreemption,
  type PreemptCall,
  type PreemptionEffect,
  type PreemptionSettings,
} from './preemption.ts';

const site = measuredFourArms();
const at = (s: number): Instant => after(MONDAY_7, milliseconds(s * 1000));
const call = (id: string, group: string, arrivesS: number, change: Partial<PreemptCall> = {}): PreemptCall => ({
  id,
  kind: 'emergency',
  group: signalGroupId(group),
  arrival: { earliest: at(arrivesS), latest: at(arrivesS + 3) },
  queueTime: seconds(0),
  ...change,
});

interface Seen {
  readonly s: number;
  readonly phase: string;
  readonly holder: string | undefined;
  readonly codes: readonly number[];
  readonly told: readonly string[];
  readonly green: (group: string) => boolean;
}

/** A real controller under the preemption's overrides, second by second; calls as they stand in each. */
const drive = (
  place: Site,
  lasts: number,
  calls: (s: number) => readonly PreemptCall[],
  settings: PreemptionSettings = DEFAULT_PREEMPTION,
): { seen: readonly Seen[]; breaches: readonly unknown[]; given: readonly PreemptionEffect[] } => {
  let state = startController(place, at(-60));
  let preemption = NO_PREEMPTION;
  let override: Override | undefined;
  const checker = createStreetChecker(place);
  const seen: Seen[] = [];
  const given: PreemptionEffect[] = [];
  for (let s = -60; s < lasts; s++) {
    const now = at(s);
    const moved = step(place, state, {
      now,
      actuations: [],
      plans: [],
      overrides: override === undefined ? [] : [override],
      failedDetectors: [],
      cabinetFault: false,
    });
    state = moved.state;
    const report = reportController(place, state);
    const numbers = new Map(report.countdowns.map(({ group, number }) => [group, number]));
    checker.see({
      at: now,
      lamps: report.lamps.map(({ lamp }) => lamp),
      numbers: report.lamps.map(({ group }) => numbers.get(group)),
      excused: report.source === 'emergency-preemption' || report.source === 'rail-preemption' || report.mode !== 'running',
      held: false,
    });
    const next = stepPreemption(place, preemption, { now, calls: calls(s), lamps: report.lamps, plan: report.plan }, settings);
    preemption = next.preemption;
    for (const effect of next.effects) {
      if (effect.kind === 'give') override = { ...effect.override, id: `p${String(s)}` };
      if (effect.kind === 'release') override = undefined;
    }
    given.push(...next.effects);
    seen.push({
      s,
      phase: preemption.phase,
      holder: preemption.call?.id,
      codes: next.effects.flatMap((effect) => (effect.kind === 'event' ? [effect.event.code] : [])),
      told: next.effects.flatMap((effect) => (effect.kind === 'told' ? [`${effect.call} ${effect.status}`] : [])),
      green: (group) => report.lamps.some((lamp) => lamp.group === group && isGreen(lamp.lamp)),
    });
  }
  return { seen, breaches: checker.breaches, given };
};
const phases = (seen: readonly Seen[]): readonly string[] => seen.map(({ phase }) => phase).filter((phase, i, all) => phase !== all[i - 1]);

describe('an emergency vehicle', () => {
  it('is warned of, let in, met by green that stands until it has passed, and leaves the junction to the others', () => {
    const { seen, breaches } = drive(site, 420, (s) => (s < 70 ? [call('fire', 'TE', 60)] : []));
    expect(phases(seen)).toEqual(['idle', 'advance', 'entry', 'dwell', 'recovery', 'idle']);
    expect(seen.flatMap(({ codes }) => codes)).toEqual([101, 105, 107, 111]);
    for (const { s, green } of seen) if (s >= 60 && s < 70) expect(green('TE')).toBe(true);
    expect(breaches).toEqual([]);
  });

  it('is met by green in time whatever the junction shows when it is let in', () => {
    for (let shift = 0; shift < 100; shift += 7) {
      const arrives = 60 + shift;
      const { seen, breaches } = drive(site, arrives + 5, () => [call('fire', 'LE', arrives)]);
      expect(seen.find(({ s }) => s === arrives)?.green('LE')).toBe(true);
      expect(breaches).toEqual([]);
    }
  });

  it('is let in no earlier than the plan in force makes it necessary', () => {
    const ahead = Array.from({ length: 15 }, (_, i) => {
      const arrives = 60 + 7 * i;
      const { seen } = drive(site, arrives, () => [call('fire', 'TE', arrives)]);
      return arrives - seen.find(({ phase }) => phase === 'entry')!.s;
    });
    // Five seconds in hand, 21 for the slowest way in, ten of notice; where its green is on and goes on, what is in hand is enough.
    expect(Math.max(...ahead)).toBeLessThanOrEqual(36);
    expect(Math.min(...ahead)).toBe(5);
  });

  it('that never passes loses the junction after the longest presence, and does not take it again', () => {
    const settings = { ...DEFAULT_PREEMPTION, maxPresence: seconds(40) };
    const { seen } = drive(site, 300, () => [call('stuck', 'TE', 60)], settings);
    const codes = seen.flatMap((one) => one.codes);
    expect(codes).toEqual([101, 105, 107, 110, 111]);
    expect(seen.flatMap(({ told }) => told)).toContain('stuck maxPresence');
  });

  it('whose call is withdrawn before it is let in leaves no trace on the street', () => {
    const { seen, given } = drive(site, 100, (s) => (s < 30 ? [call('fire', 'TE', 60)] : []));
    expect(phases(seen)).toEqual(['idle', 'advance', 'idle']);
    expect(given.some(({ kind }) => kind === 'give' || kind === 'release')).toBe(false);
  });
});

describe('two emergency vehicles', () => {
  it('on conflicting ways: the earlier passes first, the other is told to watch and is let in next', () => {
    const { seen, breaches } = drive(site, 200, (s) => [
      ...(s < 65 ? [call('first', 'TE', 60)] : []),
      ...(s < 100 ? [call('second', 'TN', 62)] : []),
    ]);
    const holders = seen.map(({ holder }) => holder).filter((holder, i, all) => holder !== undefined && holder !== all[i - 1]);
    expect(holders).toEqual(['first', 'second']);
    expect(seen.flatMap(({ told }) => told)).toContain('second watchOtherTraffic');
    expect(seen.find(({ s }) => s === 62)?.green('TE')).toBe(true);
    expect(seen.find(({ s }) => s === 95)?.green('TN')).toBe(true);
    expect(breaches).toEqual([]);
  });

  it('that one stage can serve are let in together', () => {
    const { seen } = drive(site, 62, () => [call('first', 'TE', 60), call('second', 'TW', 61)]);
    expect(seen.at(-1)?.green('TE')).toBe(true);
    expect(seen.at(-1)?.green('TW')).toBe(true);
    expect(seen.flatMap(({ told }) => told)).not.toContain('second watchOtherTraffic');
  });
});

test('a train outranks an emergency vehicle that has the junction, and the track is emptied before its dwell', () => {
  const settings = { ...DEFAULT_PREEMPTION, trackClearance: { stage: stageId('EW'), lasts: seconds(12) } };
  const { seen, breaches } = drive(
    site,
    200,
    (s) => [call('fire', 'TE', 60), ...(s >= 55 ? [call('train', 'TN', 90, { kind: 'rail' })] : [])],
    settings,
  );
  expect(phases(seen).join(' ')).toContain('advance track-clearance entry dwell');
  expect(seen.flatMap(({ codes }) => codes)).toContain(106);
  expect(seen.find(({ phase }) => phase === 'track-clearance')?.holder).toBe('train');
  expect(breaches).toEqual([]);
});

test('the way into a stage is as long as its slowest foe takes to come, be served and clear', () => {
  // A crossing turns green 5 s after the last green in its way, walks 7 s and clears in 9 s.
  expect(entryTime(site, signalGroupId('TE'))).toBe(21_000);
  expect(entryTime(site, signalGroupId('nobody'))).toBe(0);
});

describe('green, were the junction given away later', () => {
  const lamps = site.groups.map(({ id }) => ({ group: id, lamp: 'red', since: at(-100) }) as const);
  const view = { now: at(0), lamps, plan: { steps: [{ stage: stageId('EW'), start: at(-1) }] } };

  it('begins as the plan has it where that serves the vehicle, whenever it is given away', () => {
    const green = greenIfEntered(site, view, stageId('EW'), signalGroupId('TE'), at(0));
    for (const later of [1, 5, 20]) expect(greenIfEntered(site, view, stageId('EW'), signalGroupId('TE'), at(later))).toBe(green);
  });

  it('begins the later the longer the plan serves others first', () => {
    const [soon, late] = [2, 30].map((s) => greenIfEntered(site, view, stageId('NS'), signalGroupId('TN'), at(s)));
    expect(late! - soon!).toBeGreaterThan(10_000);
  });

  it('never comes in a stage without it', () => {
    expect(greenIfEntered(site, view, stageId('NS'), signalGroupId('TE'), at(0))).toBe(NEVER);
    expect(greenIfEntered(site, view, stageId('NS'), signalGroupId('nobody'), at(0))).toBe(NEVER);
  });
});

test('the stage for a vehicle is one that lets its whole approach go, protected before permissive', () => {
  expect(stageServing(site, [signalGroupId('LE')])).toBe('EWleft');
  expect(stageServing(site, [signalGroupId('TE')])).toBe('EW');
  expect(stageServing(site, [signalGroupId('TE'), signalGroupId('TN')])).toBeUndefined();
});

test('whatever calls come and go, no rule of the street is broken, and what was given is taken back', () => {
  const spell = fc.record({
    id: fc.constantFrom('a', 'b', 'c'),
    group: fc.constantFrom('TN', 'TE', 'LS', 'LW'),
    from: fc.integer({ min: 0, max: 200 }),
    lasts: fc.integer({ min: 1, max: 90 }),
    ahead: fc.integer({ min: -10, max: 60 }),
    rail: fc.boolean(),
  });
  const places = [site, withCountdown(site, 'full'), withCountdown(site, 'tail')];
  fc.assert(
    fc.property(fc.array(spell, { maxLength: 4 }), fc.constantFrom(...places), (spells, place) => {
      const { seen, breaches, given } = drive(
        place,
        330,
        (s) =>
          spells
            .filter(({ from, lasts }) => s >= from && s < from + lasts)
            .map(({ id, group, from, ahead, rail }) => call(id, group, from + ahead, rail ? { kind: 'rail' } : {}))
            .filter((one, i, all) => all.findIndex(({ id }) => id === one.id) === i),
        { ...DEFAULT_PREEMPTION, maxPresence: seconds(50) },
      );
      expect(breaches).toEqual([]);
      const last = given.findLast(({ kind }) => kind === 'give' || kind === 'release');
      expect(last?.kind ?? 'release').toBe('release');
      expect(['idle', 'recovery']).toContain(seen.at(-1)?.phase);
    }),
    { numRuns: 25, seed: 20260105 },
  );
});
