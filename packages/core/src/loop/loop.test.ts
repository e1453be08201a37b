import type { ControllerReport } from '../controller/controller.ts';
import { isGreen } from '../controller/lamp.ts';
import { signalGroupId, type SignalGroupId } from '../ids.ts';
import type { Site } from '../intersection/site.ts';
import { adaptivePlanner } from '../optimizer/adaptive-planner.ts';
import { fixedTimePlanner } from '../optimizer/fixed-time-planner.ts';
import { maxPressurePlanner } from '../optimizer/max-pressure-planner.ts';
import type { Planner } from '../optimizer/planner.ts';
import { recordInput, replay } from '../optimizer/replay.ts';
import { seconds, type Instant } from '../time.ts';
import { createWorld, measuredFourArms, type Tally, type WorldOptions } from '../testing/point-queue-world.ts';
import { MONDAY_7, withCountdown } from '../testing/sites.ts';
import { loopStep, startLoop, type LoopOptions } from './loop.ts';

const BUSY: WorldOptions = {
  flows: { TN: 500, TS: 420, TE: 260, TW: 240, LN: 70, LS: 60, LE: 50, LW: 50 },
  pedestriansPerHour: 40,
  seed: 7,
};

interface Run {
  readonly tally: Tally;
  /** Longest red in s per group while somebody waited. */
  readonly worstRedS: ReadonlyMap<SignalGroupId, number>;
  readonly refused: readonly string[];
  readonly broken: number;
  readonly log: string;
}

function drive(
  site: Site,
  planner: Planner,
  options: Partial<LoopOptions> & { minutes?: number; world?: Partial<WorldOptions> } = {},
): Run {
  const world = createWorld(site, { ...BUSY, ...options.world });
  let state = startLoop(site, (MONDAY_7 - 1000) as Instant, { sensing: 'vehicles', planDelay: 'next-step', ...options, planner });
  let lamps: ControllerReport['lamps'] = [];
  const worstRedS = new Map<SignalGroupId, number>();
  const refused: string[] = [];
  let broken = 0;
  let log = '';
  for (let t = 0; t < (options.minutes ?? 6) * 60; t++) {
    const now = (MONDAY_7 + t * 1000) as Instant;
    const seen = world.step(lamps, now);
    const step = loopStep(state, { now, ...seen });
    state = step.state;
    lamps = step.report.lamps;
    for (const effect of step.effects) {
      if (effect.kind === 'plan-refused') refused.push(effect.refusal.message);
      if (effect.kind === 'commitment-broken') broken++;
    }
    for (const lamp of lamps) {
      const head = world.queues.get(lamp.group)?.[0];
      if (isGreen(lamp.lamp) || head === undefined || head.due > now) continue;
      worstRedS.set(lamp.group, Math.max(worstRedS.get(lamp.group) ?? 0, (now - Math.max(lamp.since, head.due)) / 1000));
    }
    log += step.report.heads.map((lamp) => lamp[0]).join('');
  }
  return { tally: world.tally, worstRedS, refused, broken, log };
}

const meanDelayS = ({ tally }: Run): number => (tally.vehicleDelayS + tally.pedestrianDelayS) / (tally.vehicles + tally.pedestrians);

const free = measuredFourArms({ stageOrder: 'free' });

describe('the loop from pulses to lamps', () => {
  const fixed = drive(free, fixedTimePlanner());

  it('delays people at least a quarter less with the adaptive planner than with the time-of-day plan, seeing vehicles', () => {
    const adaptive = drive(free, adaptivePlanner());
    expect(adaptive.refused).toEqual([]);
    expect(meanDelayS(adaptive)).toBeLessThan(0.75 * meanDelayS(fixed));
  });

  it('still does with loops only', () => {
    const adaptive = drive(free, adaptivePlanner(), { sensing: 'detectors' });
    expect(adaptive.refused).toEqual([]);
    expect(meanDelayS(adaptive)).toBeLessThan(0.85 * meanDelayS(fixed));
  });

  it.each(['fixed', 'skips'] as const)('keeps the stage order %s without a refused plan', (stageOrder) => {
    const run = drive(measuredFourArms({ stageOrder }), adaptivePlanner(), { minutes: 4 });
    expect(run.refused).toEqual([]);
    expect(run.tally.vehicles).toBeGreaterThan(70);
  });

  it('serves a side street with a single vehicle before its red cap although the main street never empties', () => {
    const site = measuredFourArms({ stageOrder: 'free', groups: free.groups.map((group) => ({ ...group, redCap: seconds(90) })) });
    const flows = { TN: 1500, TS: 1500, TE: 60, TW: 60, LN: 0, LS: 0, LE: 0, LW: 0 };
    const run = drive(site, adaptivePlanner(), { world: { flows, pedestriansPerHour: 0 } });
    expect(run.worstRedS.get(signalGroupId('TE'))).toBeGreaterThan(0);
    for (const worst of run.worstRedS.values()) expect(worst).toBeLessThanOrEqual(90 + 3);
  });

  it.each(['full', 'tail'] as const)('breaks no promise of a %s countdown', (kind) => {
    const run = drive(withCountdown(free, kind), adaptivePlanner());
    expect([run.broken, run.refused]).toEqual([0, []]);
    const others = [1, 2].map((seed) => ({ minutes: 4, world: { seed } }));
    const delays = (site: Site, planner: Planner): number[] => others.map((options) => meanDelayS(drive(site, planner, options)));
    const sum = (values: number[]): number => values.reduce((a, b) => a + b);
    expect(sum(delays(withCountdown(free, kind), adaptivePlanner()))).toBeLessThan(0.8 * sum(delays(free, fixedTimePlanner())));
  });

  it('gives the same lamps twice from the same seed', () => {
    expect(drive(free, adaptivePlanner(), { minutes: 2 }).log).toBe(drive(free, adaptivePlanner(), { minutes: 2 }).log);
  });

  it('serves everybody with max-pressure', () => {
    const run = drive(free, maxPressurePlanner(), { planDelay: 'same-step' });
    expect(run.refused).toEqual([]);
    expect(run.tally.vehicles).toBeGreaterThan(120);
  });

  it('decides the same again from a record that went through JSON', () => {
    const site = free;
    const planner = adaptivePlanner();
    let compared = 0;
    const recording: Planner = (input) => {
      const decision = planner(input);
      const record = JSON.parse(JSON.stringify(recordInput(input))) as ReturnType<typeof recordInput>;
      expect(replay(site, record, adaptivePlanner())).toEqual(decision);
      compared++;
      return decision;
    };
    drive(site, recording, { minutes: 1 });
    expect(compared).toBeGreaterThan(40);
  });
});
