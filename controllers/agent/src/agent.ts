import { randomInt } from 'node:crypto';
import type { ControllerEffect, JunctionId, PlanId, Site } from '@songxanh/core';
import type { Driver, DriverInputs } from '@songxanh/drivers';
import type { Log } from '@songxanh/platform';
import { HEALTHY_CABINET, type Answer, type PlanOutcome } from '@songxanh/wire';
import { isOffBeat, openJunction, restart, stepBetween, stepJunction, type Junction, type JunctionStep } from './junction.ts';
import type { StepLog } from './logs.ts';
import { openOverrideFollower } from './override-follower.ts';
import { openPlanFollower } from './plan-follower.ts';
import { openReporter } from './reporter.ts';
import { openStreetClock } from './street-clock.ts';

export interface AgentDeps {
  readonly name: string;
  readonly sites: readonly Site[];
  readonly driver: Driver;
  /** Addresses; whatever is absent or does not answer is done without. */
  readonly detectors?: string | undefined;
  readonly optimizers?: readonly string[];
  readonly gateway?: string | undefined;
  /** Simulation: wall time to wait for the centre before the first step, so that runs begin alike. */
  readonly awaitCentreMs?: number;
  readonly logs?: readonly StepLog[];
  /** Each answer as it arrives: benchmarks measure its latency. */
  readonly onAnswer?: (answer: Answer) => void;
  /** After the reports of a step have left. */
  readonly onReported?: (steps: readonly JunctionStep[]) => void;
  readonly onEnded?: () => void;
  /** Wall time, ms, of a clock that never goes back. */
  readonly wall?: () => number;
  readonly log: Log;
}

/** How often lamps are switched that an order has put between two of the street's steps: half of the 100 ms that a click may cost. */
const BETWEEN_EVERY_MS = 50;

export interface Agent {
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Hosts junctions: inputs in, heads out, and word to and from the centre, none of which it needs to go on. */
export const buildAgent = (deps: AgentDeps): Agent => {
  const { name, driver, log, sites } = deps;
  // A new number at each start, and at each new street, tells the centre that sequences begin again at 1.
  const newEpoch = (): number => randomInt(1, 2 ** 47);
  let epoch = newEpoch();
  const ids = sites.map((s) => s.id);
  const junctions = new Map<JunctionId, Junction>(sites.map((s) => [s.id, openJunction(s)]));

  const follower =
    deps.optimizers === undefined || deps.optimizers.length === 0
      ? undefined
      : openPlanFollower({
          agent: name,
          epoch: () => epoch,
          junctions: ids,
          optimizers: deps.optimizers,
          log,
          ...(deps.onAnswer === undefined ? {} : { onAnswer: deps.onAnswer }),
        });
  const reporter =
    deps.detectors === undefined
      ? undefined
      : openReporter({
          agent: name,
          detectors: deps.detectors,
          log,
          onRefused: (outcome) => follower?.forget(outcome.junction),
          onDown: () => follower?.forget(),
        });
  const overrides =
    deps.gateway === undefined
      ? undefined
      : openOverrideFollower({
          agent: name,
          sites,
          gateway: deps.gateway,
          onOrders: (changed) => {
            for (const junction of changed) hurried.add(junction);
            hurry();
          },
          log,
        });
  const clock = openStreetClock(deps.wall ?? (() => performance.now()));
  /** Junctions with an order that may not wait, and lamps to switch between the street's steps because of it. */
  const hurried = new Set<JunctionId>();
  let last: DriverInputs | undefined;

  const outcomesOf = (junction: JunctionId, effects: readonly ControllerEffect[]): readonly PlanOutcome[] =>
    effects.flatMap((e): PlanOutcome[] => {
      if (e.kind === 'plan-accepted') return [outcome(e.plan, junction)];
      if (e.kind === 'plan-refused') return [outcome(e.plan, junction, e.refusal)];
      return [];
    });
  const outcome = (plan: PlanId, junction: JunctionId, refusal?: PlanOutcome['refusal']): PlanOutcome => ({ plan, junction, refusal });

  const logEffects = (junction: JunctionId, effects: readonly ControllerEffect[]): void => {
    for (const e of effects) {
      if (e.kind === 'plan-refused')
        log.warn({ junction, plan: e.plan, source: e.source, reason: e.refusal.reason, message: e.refusal.message }, 'plan refused');
      else if (e.kind === 'source-changed') log.info({ junction, from: e.from, to: e.to, why: e.why }, 'source changed');
      else if (e.kind === 'commitment-broken')
        log.warn({ junction, group: e.commitment.group, at: e.commitment.at, why: e.why }, 'commitment broken');
    }
  };

  const stepAll = (inputs: DriverInputs): readonly JunctionStep[] => {
    const plans = follower?.takePlans() ?? new Map<JunctionId, never[]>();
    return ids.flatMap((id) => {
      const junction = junctions.get(id);
      if (junction === undefined) return [];
      const input = inputs.junctions.get(id);
      const result = stepJunction(junction, {
        now: inputs.now,
        actuations: input?.actuations ?? [],
        health: input?.health ?? HEALTHY_CABINET,
        plans: plans.get(id) ?? [],
        overrides: overrides?.overridesFor(id, inputs.now) ?? [],
        epoch,
      });
      junctions.set(id, result.junction);
      return [result];
    });
  };

  const onInputs = async (inputs: DriverInputs): Promise<void> => {
    if (driver.lockstep) await follower?.untilAnswered();
    if (last !== undefined && inputs.now <= last.now) epoch = newEpoch();
    last = inputs;
    clock.set(inputs.now);
    const steps = stepAll(inputs);
    driver.command(inputs.now, new Map(steps.map((s) => [s.junction.site.id, s.heads])));
    if (reporter?.report(steps.map((s) => s.report)) === true)
      follower?.expect(steps.map((s) => ({ junction: s.junction.site.id, sequence: s.junction.sequence })));
    deps.onReported?.(steps);
    // The sockets are written to between two turns of the event loop: what no lamp and no answer waits for comes in the next one.
    await new Promise((resolve) => setImmediate(resolve));
    const outcomes = steps.flatMap((s) => outcomesOf(s.junction.site.id, s.effects));
    if (outcomes.length > 0) follower?.tell(outcomes);
    overrides?.show(steps.map((s) => s.report.signals));
    for (const s of steps) logEffects(s.junction.site.id, s.effects);
    for (const file of deps.logs ?? []) file.write(steps.map((s) => s.state));
  };

  /** What orders ask for between two steps, and no more than that: a run without orders is the same at any speed. */
  const onHurry = (): void => {
    const now = clock.read();
    if (now === undefined) {
      hurried.clear();
      return;
    }
    const steps = [...hurried].flatMap((id) => {
      const junction = junctions.get(id);
      const health = last?.junctions.get(id)?.health ?? HEALTHY_CABINET;
      const step = junction && stepBetween(junction, { now, health, overrides: overrides?.overridesFor(id, now) ?? [] });
      if (step === undefined) return [];
      const isNew =
        JSON.stringify(step.state.lamps) !== JSON.stringify(junction?.controller?.lamps) || step.state.why !== junction?.controller?.why;
      junctions.set(id, step.junction);
      if (!isOffBeat(step.junction)) hurried.delete(id);
      return isNew ? [step] : [];
    });
    if (steps.length === 0) return;
    driver.command(now, new Map(steps.map((s) => [s.junction.site.id, s.heads])));
    overrides?.tell(steps.map((s) => s.state));
    for (const s of steps) logEffects(s.junction.site.id, s.effects);
  };

  let queue = Promise.resolve();
  const hurry = (): void => {
    queue = queue.then(onHurry);
  };
  let between: NodeJS.Timeout | undefined;

  const isCentreUp = (): boolean => (follower?.isUp() ?? true) && (reporter?.isUp() ?? true);

  return {
    start: async () => {
      const end = performance.now() + (driver.lockstep ? (deps.awaitCentreMs ?? 0) : 0);
      while (!isCentreUp() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
      if (!isCentreUp()) log.warn('begins without the centre');
      between = setInterval(() => {
        if (hurried.size > 0) hurry();
      }, BETWEEN_EVERY_MS);
      driver.start({
        onInputs: (inputs) => {
          // One after the other, also when a cabinet came back while a step was still waiting for its answers.
          queue = queue.then(() => onInputs(inputs));
        },
        onUp: () => {
          log.info('cabinet there');
          for (const [id, junction] of junctions) junctions.set(id, restart(junction));
        },
        onDown: (reason) => {
          log.error({ reason }, 'cabinet lost');
        },
        onEnded: () => {
          log.info('scenario over');
          deps.onEnded?.();
        },
      });
    },
    stop: async () => {
      clearInterval(between);
      driver.stop();
      follower?.forget();
      await queue;
      follower?.stop();
      reporter?.stop();
      overrides?.stop();
      await Promise.all((deps.logs ?? []).map((file) => file.close()));
    },
  };
};
