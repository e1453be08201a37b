import type { ControllerInput, ControllerReport, Override } from '../controller/controller.ts';
import { startController, type ControllerState } from '../controller/controller-state.ts';
import { reportController, step } from '../controller/step.ts';
import { junctionId, planId, stageId } from '../ids.ts';
import type { Site } from '../intersection/site.ts';
import { committedSteps, earliestRevisable } from '../plan/commitment.ts';
import type { PlanStep, StagePlan } from '../plan/stage-plan.ts';
import { instant, type Instant } from '../time.ts';
import type { Draw } from './arbitrary-site.ts';
import { createStreetChecker, type Breach } from './street-checker.ts';

/** 2026-01-05 07:00 in Hanoi. */
const BEGIN = Date.UTC(2026, 0, 5, 0, 0, 0);

/** Simulators step by the second or half of it, the field by 100 ms. */
const RHYTHM_MS = { second: 1000, half: 500, tenth: 100 };

const wholeTenths = (ms: number): number => Math.round(ms / 100) * 100;

/** What a planner could send: mostly sensible, sometimes careless, sometimes rubbish. */
const drawPlan = (draw: Draw, site: Site, report: ControllerReport, n: number): StagePlan => {
  const { at, plan, lamps, commitments } = report;
  const source = draw.chance(0.85) ? 'optimizer' : draw.pick(['time-of-day', 'actuated', 'manual', 'safety'] as const);
  const free = earliestRevisable(site, at, { lamps, commitments });
  const steps: PlanStep[] = [...committedSteps(plan, free)];
  let t: number = Math.max(free, at + 1000);
  const any = (): PlanStep['stage'] => (draw.chance(0.02) ? stageId('nowhere') : draw.pick(site.stages).id);
  const turn = site.stageSequence;
  const count = draw.int(0, 4);
  for (let i = 0; i < count; i++) {
    const last = steps.at(-1);
    const next = last === undefined || draw.chance(0.3) ? any() : turn[(turn.indexOf(last.stage) + 1) % turn.length]!;
    t += draw.int(draw.chance(0.2) ? 0 : 6, 25) * 1000;
    steps.push({ stage: next, start: instant(draw.chance(0.9) ? t : wholeTenths(t + draw.int(-3000, 3000))) });
  }
  if (draw.chance(0.05)) steps.reverse();
  if (draw.chance(0.03)) steps.length = 0;
  if (draw.chance(0.05) && steps.length > 1) steps.splice(draw.int(0, steps.length - 1), 1);
  if (draw.chance(0.03)) steps.push({ stage: any(), start: (draw.chance(0.5) ? NaN : Infinity) as Instant });
  if (draw.chance(0.05)) steps.unshift({ stage: any(), start: instant(at - draw.int(0, 20_000)) });
  const until = instant((steps.at(-1)?.start ?? at) + draw.int(-2, 30) * 1000);
  return { id: planId(`p${String(n)}`), junction: draw.chance(0.02) ? junctionId('other') : site.id, source, madeAt: at, steps, until };
};

const drawOverride = (draw: Draw, site: Site, now: number, n: number): Override => {
  const stage = draw.chance(0.05) ? stageId('nowhere') : draw.pick(site.stages).id;
  return {
    id: `o${String(n)}`,
    source: draw.pick(['manual', 'operator', 'operator', 'emergency-preemption', 'rail-preemption'] as const),
    action: draw.pick([
      { kind: 'hold' },
      { kind: 'stage', stage },
      { kind: 'plan', name: draw.pick(site.plans.map(({ name }) => name).concat('none')) },
      { kind: 'all-red' },
      { kind: 'flash' },
    ] as const),
    reason: 'drill',
    by: 'drill',
    expires: instant(now + draw.int(1, 60) * 1000),
  };
};

export interface DrillResult {
  readonly breaches: readonly Breach[];
  readonly steps: number;
  readonly accepted: number;
  readonly refused: ReadonlyMap<string, number>;
  readonly broken: number;
  readonly modes: ReadonlySet<string>;
  readonly sources: ReadonlySet<string>;
}

type Step = typeof step;

/** Drives one controller through a random day: plans of every quality, actuations, overrides, faults, silence, and steps that come late. */
export const runDrill = (site: Site, draw: Draw, steps = draw.int(30, 90), control: Step = step): DrillResult => {
  const checker = createStreetChecker(site);
  const rhythm = draw.chance(0.02) ? 'tenth' : draw.pick(['second', 'second', 'second', 'half', 'any'] as const);
  const length = rhythm === 'tenth' ? steps * 8 : steps;
  const gaps = draw.chance(0.3) ? 0.03 : 0;
  const planning = draw.pick([0, 0.15, 0.7]);
  const overriding = draw.pick([0, 0, 0.02]);
  const faults = draw.pick([0, 0, 0.005]);
  const phase = rhythm === 'any' ? draw.int(0, 9) * 100 : 0;
  let now = BEGIN + phase;
  let state: ControllerState = startController(site, instant(now));
  let override: Override | undefined;
  let fault = 0;
  let stale: ControllerReport | undefined;
  const refused = new Map<string, number>();
  const [modes, sources] = [new Set<string>(), new Set<string>()];
  let [accepted, broken] = [0, 0];
  const on = new Set<string>();

  for (let i = 0; i < length; i++) {
    const report = reportController(site, state);
    if (i > 0) {
      now += rhythm === 'any' ? draw.int(1, 10) * 100 : RHYTHM_MS[rhythm];
      if (draw.chance(gaps)) now += draw.int(1, 30) * 1000;
    }
    const plans: StagePlan[] = [];
    if (draw.chance(planning)) plans.push(drawPlan(draw, site, draw.chance(0.1) && stale ? stale : report, i));
    if (draw.chance(planning * 0.1)) plans.push(drawPlan(draw, site, report, i + 1000));
    if (draw.chance(0.05)) stale = report;
    if (draw.chance(overriding)) override = drawOverride(draw, site, now, i);
    if (override !== undefined && draw.chance(0.02)) override = undefined;
    if (fault > 0) fault--;
    else if (draw.chance(faults)) fault = draw.int(1, 10);
    const actuations = site.detectors.flatMap(({ id }) => {
      if (!draw.chance(0.15)) return [];
      if (!on.delete(id)) on.add(id);
      return [{ detector: id, at: instant(now - draw.int(0, 4) * 100), on: on.has(id) }];
    });
    const input: ControllerInput = {
      now: instant(now),
      actuations,
      plans,
      overrides: override === undefined ? [] : [override],
      failedDetectors: draw.chance(0.05) ? site.detectors.slice(0, 1).map(({ id }) => id) : [],
      cabinetFault: fault > 0,
    };
    const result = control(site, draw.chance(0.05) ? (JSON.parse(JSON.stringify(state)) as ControllerState) : state, input);
    state = result.state;
    for (const effect of result.effects) {
      if (effect.kind === 'plan-accepted') accepted++;
      if (effect.kind === 'commitment-broken') broken++;
      if (effect.kind === 'plan-refused') refused.set(effect.refusal.reason, (refused.get(effect.refusal.reason) ?? 0) + 1);
    }
    const shown = reportController(site, state);
    modes.add(shown.mode);
    sources.add(shown.source);
    const numbers = new Map(shown.countdowns.map(({ group, number }) => [group, number]));
    checker.see({
      at: shown.at,
      lamps: shown.lamps.map(({ lamp }) => lamp),
      numbers: shown.lamps.map(({ group }) => numbers.get(group)),
      excused: ['manual', 'rail-preemption', 'emergency-preemption', 'safety'].includes(shown.source) || shown.mode !== 'running',
      held: shown.source === 'operator' || shown.source === 'flash',
    });
  }
  return { breaches: checker.breaches, steps: length, accepted, refused, broken, modes, sources };
};
