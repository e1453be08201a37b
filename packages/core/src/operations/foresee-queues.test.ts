import type { Override } from '../controller/controller.ts';
import { DEFAULT_DEMAND_SETTINGS } from '../demand/demand-settings.ts';
import { readDemand } from '../demand/demand-state.ts';
import { signalGroupId } from '../ids.ts';
import { loopStep, startLoop, type LoopState } from '../loop/loop.ts';
import { reportController } from '../controller/step.ts';
import { adaptivePlanner } from '../optimizer/adaptive-planner.ts';
import { createWorld, measuredFourArms, type World } from '../testing/point-queue-world.ts';
import { MONDAY_7 } from '../testing/sites.ts';
import { after, seconds, type Instant } from '../time.ts';
import { foreseeQueues, type ApproachForecast, type QueueForecast } from './foresee-queues.ts';

const site = measuredFourArms();
const planner = adaptivePlanner();
const FLOWS = { TN: 420, TS: 420, TE: 240, TW: 240, LN: 60, LS: 60, LE: 50, LW: 50 };
const FOR_S = 180;

interface Street {
  readonly world: World;
  readonly loop: LoopState;
}

const drive = ({ world, loop }: Street, s: number, overrides: readonly Override[] = []): Street => {
  let state = loop;
  for (let i = 0; i < s; i += 1) {
    const now = after(state.now, seconds(1));
    const { actuations } = world.step(state.controller.lamps, now);
    ({ state } = loopStep(state, { now, actuations, overrides }));
  }
  return { world, loop: state };
};
const morning = (): Street => {
  const options = { planner, sensing: 'detectors', planDelay: 'next-step' } as const;
  const loop = startLoop(site, (MONDAY_7 - 1000) as Instant, options);
  return drive({ world: createWorld(site, { flows: FLOWS, pedestriansPerHour: 40, seed: 3 }), loop }, 600);
};
const settled = morning();
const order = (now: Instant, action: Override['action']): Override => ({
  ...{ id: 'o', source: 'operator', reason: 'test', by: 'lan', action },
  expires: after(now, seconds(900)),
});
const foresee = (
  { loop }: Street,
  override: Override | undefined,
  { endsOnArrival = false, forS = FOR_S }: { endsOnArrival?: boolean; forS?: number } = {},
): QueueForecast =>
  foreseeQueues(site, {
    report: reportController(site, loop.controller),
    demand: readDemand(site, { ...loop.demand, settings: { ...DEFAULT_DEMAND_SETTINGS, horizonS: forS } }, loop.now),
    with: { overrides: override === undefined ? [] : [override], endsOnArrival },
    without: { overrides: [], endsOnArrival: false },
    ...{ forS, everyS: 30, planner },
  });
const approach = (forecast: QueueForecast, group: string): ApproachForecast =>
  forecast.approaches.find(({ lanes }) => lanes.some((lane) => lane === `${group}_0`))!;
const last = (queue: readonly number[]): number => queue.at(-1)!;
/** Who has reached the stop line or the end of the queue before it. */
const stand = ({ world, loop }: Street, group: string): number =>
  world.queues.get(signalGroupId(group))!.filter(({ due }) => due <= loop.now).length;

describe('queues foreseen before an order', () => {
  test('all red fills every approach, as the street then shows', () => {
    const red = order(settled.loop.now, { kind: 'all-red' });
    const forecast = foresee(settled, red);
    const then = drive(settled, FOR_S, [red]);
    for (const group of ['TN', 'TS', 'TE', 'TW']) {
      const { with: given, without } = approach(forecast, group);
      expect(last(given.queuePcu)).toBeGreaterThan(last(without.queuePcu) + 4);
      // A mean flow foresees a random stream of some 20 vehicles to within its spread.
      expect(Math.abs(last(given.queuePcu) - stand(then, group))).toBeLessThan(9);
    }
    expect(forecast.personS.with).toBeGreaterThan(forecast.personS.without * 2);
  });

  test('a held stage costs those who wait, and nobody it serves', () => {
    const running = site.stages.find(({ id }) => id === settled.loop.controller.steps[0]?.stage)!;
    const forecast = foresee(settled, order(settled.loop.now, { kind: 'hold' }));
    for (const group of ['TN', 'TE']) {
      const { with: given, without } = approach(forecast, group);
      if (running.green.includes(signalGroupId(group))) expect(given.meanWaitS).toBeLessThanOrEqual(without.meanWaitS);
      else expect(given.meanWaitS).toBeGreaterThan(without.meanWaitS + 20);
    }
  });

  test('an order that ends on arrival is followed by the usual control', () => {
    const next = site.stages.find(({ id }) => id !== settled.loop.controller.steps[0]?.stage)!;
    const stage = order(settled.loop.now, { kind: 'stage', stage: next.id });
    const forced = foresee(settled, stage);
    const advanced = foresee(settled, stage, { endsOnArrival: true });
    expect(advanced.personS.with).toBeLessThan(forced.personS.with * 0.7);
  });

  test('without an order both futures are one', () => {
    const { approaches, personS } = foresee(settled, undefined);
    expect(approaches).toHaveLength(8);
    for (const one of approaches) expect(one.with).toEqual(one.without);
    expect(personS.with).toBe(personS.without);
  });

  test('a flashing junction lets traffic through slowly: far better than all red', () => {
    const flash = foresee(settled, order(settled.loop.now, { kind: 'flash' }), { forS: 300 });
    const red = foresee(settled, order(settled.loop.now, { kind: 'all-red' }), { forS: 300 });
    expect(flash.personS.with).toBeLessThan(red.personS.with / 2);
  });
});
