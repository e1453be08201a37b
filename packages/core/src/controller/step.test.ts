import type { ControllerEffect, ControllerInput, Override } from './controller.ts';
import { startController, type ControllerState } from './controller-state.ts';
import { EVENT } from './events.ts';
import { reportController, step } from './step.ts';
import { detectorId, planId, stageId } from '../ids.ts';
import type { Site } from '../intersection/site.ts';
import { localTime } from '../local-time.ts';
import { fourArms, MONDAY_7, withCountdown } from '../testing/sites.ts';
import { after, seconds, type Instant } from '../time.ts';

const at = (s: number): Instant => after(MONDAY_7, seconds(s));

interface Run {
  state: ControllerState;
  second: number;
  readonly effects: ControllerEffect[];
  /** Stage and mode of each second. */
  readonly log: {
    second: number;
    stage: string;
    mode: string;
    source: string;
    lamps: string[];
    numbers: Record<string, number | undefined>;
  }[];
}

type Hearing = Partial<ControllerInput> | ((second: number) => Partial<ControllerInput>);

const begin = (): Run => ({ state: undefined as never, second: -1, effects: [], log: [] });

/** Steps each second up to and including `to`. */
const runTo = (site: Site, run: Run, to: number, hearing: Hearing = {}): Run => {
  while (run.second < to) {
    run.second++;
    run.state ??= startController(site, at(0));
    const silence = { actuations: [], plans: [], overrides: [], failedDetectors: [], cabinetFault: false };
    const heard = typeof hearing === 'function' ? hearing(run.second) : hearing;
    const result = step(site, run.state, { now: at(run.second), ...silence, ...heard });
    run.state = result.state;
    run.effects.push(...result.effects);
    const { stage, mode, source, lamps, countdowns } = reportController(site, run.state);
    const numbers = Object.fromEntries(countdowns.map(({ group, number }) => [group, number]));
    run.log.push({ second: run.second, stage: stage ?? '', mode, source, lamps: lamps.map(({ lamp }) => lamp), numbers });
  }
  return run;
};

/** Stages in turn with the second each began. */
const stages = (run: Run): [string, number][] =>
  run.log.flatMap(({ stage, second }, i): [string, number][] => (i > 0 && run.log[i - 1]!.stage === stage ? [] : [[stage, second]]));

const always = (plan: string): Partial<Site> => ({ schedule: [{ days: [0, 1, 2, 3, 4, 5, 6], from: seconds(0), plan }] });

const override = (action: Override['action'], source: Override['source'], expires: number): Override => ({
  id: `${source}-${action.kind}`,
  source,
  action,
  reason: 'test',
  by: 'test',
  expires: at(expires),
});

const codes = (run: Run, parameter: number): number[] =>
  run.effects.flatMap((effect) => (effect.kind === 'event' && effect.event.parameter === parameter ? [effect.event.code] : []));

test('starts with flash, then all-red, then the first stage', () => {
  const run = runTo(fourArms(), begin(), 12);
  const shown = (lamp: string, seconds: number): string[] => Array<string>(seconds).fill(lamp);
  expect(run.log.map(({ lamps }) => lamps[0])).toEqual([...shown('flash-yellow', 5), ...shown('red', 6), ...shown('green', 2)]);
  expect(run.log[10]!.mode).toBe('start-up');
  expect(run.log[11]!.mode).toBe('running');
});

test('the time-of-day plan begins its first green at the offset, modulo the cycle since local midnight', () => {
  const run = runTo(fourArms(), begin(), 420);
  const greens = run.log
    .filter(({ lamps }, i) => i > 0 && lamps[0] === 'green' && run.log[i - 1]!.lamps[0] === 'red')
    .map(({ second }) => second);
  const phases = greens.slice(1).map((second) => (localTime(at(second), 'Asia/Ho_Chi_Minh').sinceMidnight / 1000) % 100);
  expect(phases.length).toBeGreaterThan(2);
  expect(new Set(phases)).toEqual(new Set([20]));
});

test('a group’s life is told in high-resolution events', () => {
  const run = runTo(fourArms(), begin(), 120);
  expect(codes(run, 1).filter((code) => code <= EVENT.inactive)).toEqual([11, 12, 1, 3, 6, 7, 8, 9, 10, 11, 12, 1]);
  expect(codes(run, 10).filter((code) => code >= 21 && code <= 23)).toEqual([23, 21, 22, 23, 21]);
});

describe('local actuation', () => {
  const site = fourArms(always('actuated'));
  const press = (id: string, second: number, on = true) => ({ actuations: [{ detector: detectorId(id), at: at(second), on }] });

  test('rests in the first stage while nobody calls', () => {
    expect(stages(runTo(site, begin(), 200)).at(-1)).toEqual(['NS', 11]);
  });

  test('skips uncalled stages, gaps out behind the last vehicle and comes back', () => {
    const run = runTo(site, begin(), 120, (s) => (s === 40 ? press('loop_TE', s) : s === 60 ? press('loop_TE', s, false) : {}));
    // The extension of 3 s runs from 60.
    expect(stages(run).slice(2)).toEqual([
      ['NS', 11],
      ['EW', 40],
      ['NS', 64],
    ]);
    expect(codes(run, 3)).toContain(EVENT.gapOut);
  });

  test('a green that is held for ever reaches its maximum when another calls', () => {
    const run = runTo(site, begin(), 70, (s) => (s === 1 ? press('loop_TN', s) : s === 20 ? press('loop_TE', s) : {}));
    expect(stages(run).slice(2)).toEqual([
      ['NS', 11],
      ['EW', 51],
    ]);
    expect(codes(run, 1)).toContain(EVENT.maxOut);
  });

  test('a locked push-button call waits for its walk although the button was let go', () => {
    const run = runTo(site, begin(), 60, (s) => (s === 30 ? press('btn_PN', s) : s === 31 ? press('btn_PN', s, false) : {}));
    expect(run.log.some(({ lamps }) => lamps[8] === 'green')).toBe(true);
    expect(codes(run, 9)).toEqual(expect.arrayContaining([EVENT.pushButtonOn, EVENT.pedestrianCallRegistered, EVENT.beginWalk]));
  });

  test('a failed detector calls by its recall', () => {
    const run = runTo(site, begin(), 60, { failedDetectors: ['loop_TE'] });
    expect(stages(run).map(([stage]) => stage)).toContain('EW');
  });
});

describe('displays', () => {
  const full = withCountdown(fourArms(), 'full');

  test('every number steps down by one each second, on green and on red, until the change', () => {
    const run = runTo(full, begin(), 400);
    for (let i = 60; i < run.log.length; i++)
      full.groups.forEach(({ id }, g) => {
        const [was, is] = [run.log[i - 1]!, run.log[i]!];
        const green = (lamp: string): boolean => lamp === 'green' || lamp === 'permissive';
        if (green(was.lamps[g]!) !== green(is.lamps[g]!) && was.lamps[g] !== 'clearance') expect(was.numbers[id]).toBe(1);
        else if (was.lamps[g] === 'red' || green(was.lamps[g]!)) expect(is.numbers[id]).toBe(was.numbers[id]! - 1);
      });
    expect(run.effects.filter(({ kind }) => kind === 'commitment-broken')).toEqual([]);
  });

  test('an operator waits for what was promised; manual control does not, and the displays blank', () => {
    const stage = { kind: 'stage', stage: stageId('EWleft') } as const;
    const operator = runTo(full, runTo(full, begin(), 120), 240, { overrides: [override(stage, 'operator', 1000)] });
    expect(operator.effects.filter(({ kind }) => kind === 'commitment-broken')).toEqual([]);
    expect(stages(operator).at(-1)![0]).toBe('EWleft');

    const manual = runTo(full, runTo(full, begin(), 130), 150, { overrides: [override(stage, 'manual', 1000)] });
    expect(manual.effects.some(({ kind }) => kind === 'commitment-broken')).toBe(true);
    expect(stages(manual).at(-1)).toEqual(['EWleft', 131]);
    expect(Object.values(manual.log[131]!.numbers).every((number) => number === undefined)).toBe(true);
  });
});

describe('who is in charge', () => {
  const plan = (second: number, until: number) => ({
    id: planId('p1'),
    junction: fourArms().id,
    source: 'optimizer' as const,
    madeAt: at(second),
    steps: [
      { stage: stageId('NS'), start: at(11) },
      { stage: stageId('EW'), start: at(second + 5) },
    ],
    until: at(until),
  });

  test('a plan runs to its end, then the time-of-day plan takes over and says why', () => {
    const run = runTo(fourArms(), begin(), 200, (s) => (s === 30 ? { plans: [plan(30, 60)] } : {}));
    expect(stages(run)[3]).toEqual(['EW', 35]);
    expect(run.effects).toContainEqual({ kind: 'source-changed', from: 'optimizer', to: 'time-of-day', why: 'centre-silent' });
  });

  test('a refused plan leaves the old one running', () => {
    const run = runTo(fourArms(), begin(), 60, (s) => (s === 30 ? { plans: [{ ...plan(30, 60), steps: [] }] } : {}));
    expect(run.effects.find(({ kind }) => kind === 'plan-refused')).toMatchObject({ refusal: { reason: 'empty-plan' } });
    expect(stages(run)).toEqual(stages(runTo(fourArms(), begin(), 60)));
  });

  test('a junction that is only watched takes no plan', () => {
    const run = runTo(fourArms({ mode: 'shadow' }), begin(), 40, (s) => (s === 30 ? { plans: [plan(30, 60)] } : {}));
    expect(run.effects.find(({ kind }) => kind === 'plan-refused')).toMatchObject({ refusal: { reason: 'not-in-control' } });
  });

  test('an override ends by itself when it expires', () => {
    const run = runTo(fourArms(), begin(), 300, { overrides: [override({ kind: 'hold' }, 'operator', 200)] });
    expect(stages(run)[2]).toEqual(['NS', 11]);
    expect(run.log[199]!.stage).toBe('NS');
    expect(run.log[299]!.source).toBe('time-of-day');
    expect(stages(run)[3]![1]).toBeGreaterThanOrEqual(200);
  });

  test('all-red by hand waits for the minimum greens and nothing else', () => {
    const run = runTo(fourArms(), runTo(fourArms(), begin(), 12), 30, { overrides: [override({ kind: 'all-red' }, 'manual', 100)] });
    // The walks began at 11 and last at least 7 s.
    expect(stages(run).at(-1)).toEqual(['all-red', 18]);
    expect(new Set(run.log[30]!.lamps)).toEqual(new Set(['red']));
  });
});

test('a cabinet fault flashes at once; when it has been reset the junction clears and starts again', () => {
  const run = runTo(fourArms(), begin(), 80, (s) => ({ cabinetFault: s >= 40 && s < 60 }));
  expect(run.log[40]).toMatchObject({ mode: 'fault-flash', source: 'safety' });
  expect(run.log[60]).toMatchObject({ mode: 'flash-exit' });
  expect(new Set(run.log[60]!.lamps)).toEqual(new Set(['red']));
  expect(run.log[66]).toMatchObject({ mode: 'running', stage: 'NS' });
});

test('night flash begins with the end of a stage and all-red, and ends with all-red and the first stage', () => {
  const day = [0, 1, 2, 3, 4, 5, 6];
  const entry = (from: number, plan: string) => ({ days: day, from: seconds(from), plan });
  // 07:01:40 to 07:05:00.
  const site = fourArms({ schedule: [entry(0, 'day'), entry(25_300, 'night-flash'), entry(25_500, 'day')] });
  const run = runTo(site, begin(), 320);
  const flashing = run.log.findIndex(({ mode, second }) => mode === 'night-flash' && second > 20);
  expect(run.log.slice(flashing - 6, flashing).every(({ lamps }) => lamps.every((lamp) => lamp === 'red'))).toBe(true);
  expect(run.log[flashing]!.lamps[0]).toBe('flash-yellow');
  expect(run.log[300]).toMatchObject({ mode: 'flash-exit' });
  expect(run.log[306]).toMatchObject({ mode: 'running', stage: 'NS' });
});

test('a group whose call waits is green before its red cap, although the plan in force forgets it', () => {
  const stay = (s: number) => ({
    id: planId(`p${String(s)}`),
    junction: fourArms().id,
    source: 'optimizer' as const,
    madeAt: at(s),
    steps: [{ stage: stageId('NS'), start: at(11) }],
    until: at(s + 40),
  });
  const site = fourArms({
    recalls: [{ group: fourArms().groups[2]!.id, recall: 'minimum' }],
    groups: fourArms().groups.map((g) => ({ ...g, maxGreen: seconds(900) })),
  });
  const run = runTo(site, begin(), 220, (s) => ({ plans: [stay(s)] }));
  const served = run.log.find(({ lamps }) => lamps[2] === 'green')!.second;
  // Red since all-red began at 5, cap 180 s.
  expect(served).toBeLessThanOrEqual(185);
  expect(served).toBeGreaterThan(100);
  expect(run.effects.some((effect) => effect.kind === 'plan-refused' && effect.refusal.reason === 'red-cap')).toBe(true);
});

test('a step that comes ten seconds late neither skips yellow nor shortens an intergreen', () => {
  const site = fourArms();
  const run = runTo(site, begin(), 49);
  run.second = 59;
  runTo(site, run, 80);
  const [yellow, green] = [
    run.log.find(({ second, lamps }) => second >= 60 && lamps[0] === 'clearance')!,
    run.log.find(({ second, lamps }) => second >= 60 && lamps[2] === 'green'),
  ];
  expect(yellow.second).toBe(60);
  expect(green === undefined || green.second >= 69).toBe(true);
});

test('a junction whose plan has one stage only leaves all-red for it', () => {
  const base = fourArms();
  const only = { name: 'only', cycle: seconds(60), offset: seconds(0), splits: [{ stage: stageId('NS'), duration: seconds(60) }] };
  const site = { ...base, plans: [only], ...always('only') };
  const run = runTo(site, begin(), 80, (s) => (s >= 20 && s < 40 ? { overrides: [override({ kind: 'all-red' }, 'operator', 40)] } : {}));
  expect(stages(run).at(-1)).toEqual(['NS', 40]);
});

test('a step from the past changes nothing', () => {
  const run = runTo(fourArms(), begin(), 30);
  const silence = { actuations: [], plans: [], overrides: [], failedDetectors: [], cabinetFault: true };
  expect(step(fourArms(), run.state, { now: at(10), ...silence })).toEqual({ state: run.state, effects: [] });
});
