import type { JunctionDemand } from '../demand/demand.ts';
import type { LaneId } from '../ids.ts';
import type { Site } from '../intersection/site.ts';
import { committedSteps, earliestRevisable } from '../plan/commitment.ts';
import type { PlanStep, StagePlan } from '../plan/stage-plan.ts';
import { findBreach } from '../plan/validate-plan.ts';
import { after, seconds, type Duration, type Instant } from '../time.ts';
import type { Alternative, Decision, Planner, PlanningInput } from './planner.ts';
import { foreseenCalls, seenDemand, waitingSince } from './search-lanes.ts';
import { siteTables } from './site-tables.ts';

export interface MaxPressureSettings {
  readonly lead: Duration;
  /** Time between decisions (Varaiya's max-pressure works in slots). */
  readonly slot: Duration;
}

/** Space a vehicle takes in a full exit, m. */
const SPACE_M = 7.5;

/** Max-pressure (Varaiya 2013): each slot, the stage whose queues outweigh those on its exits most. */
export function maxPressurePlanner(settings: Partial<MaxPressureSettings> = {}): Planner {
  const { lead, slot } = { lead: seconds(1), slot: seconds(10), ...settings };
  return (input) => {
    const { site, now, signals, demand } = input;
    const takenUp = (now + lead) as Instant;
    const revisable = earliestRevisable(site, takenUp, signals);
    const kept = committedSteps(signals.plan, revisable);
    const last = kept[kept.length - 1];
    const pressures = stagePressures(site, demand, now);
    const alternatives = site.stages
      .map((stage, i): Alternative => ({ steps: [{ stage: stage.id, start: revisable }], cost: -pressures[i]! }))
      .sort((a, b) => a.cost - b.cost);
    // To the slot after the next: a longer promise would only run into maximum greens.
    const until = after(revisable, (2 * slot) as Duration);
    if (last === undefined || revisable - last.start < slot) return decide(input, alternatives, undefined, 'extend', 'slot');
    const calls = foreseenCalls(site, waitingSince(site, siteTables(site), demand, now), signals, takenUp);
    let refusal: string | undefined;
    for (const { steps } of alternatives) {
      const stays = steps[0]!.stage === last.stage;
      const plan = toPlan(input, stays ? kept : [...kept, ...steps], until);
      const breach = findBreach(
        site,
        { now: takenUp, lamps: signals.lamps, commitments: signals.commitments, plan: signals.plan, calls },
        plan,
      );
      if (breach === undefined) return decide(input, alternatives, plan, stays ? 'extend' : 'change', refusal);
      refusal ??= breach.reason;
    }
    return decide(input, alternatives, undefined, 'hold', refusal);
  };
}

const toPlan = (input: PlanningInput, steps: readonly PlanStep[], until: Instant): StagePlan => ({
  id: input.planId,
  junction: input.site.id,
  source: 'optimizer',
  madeAt: input.now,
  steps,
  until,
});

/** Vehicles waiting for each stage's groups, less those standing on their exits. */
function stagePressures(site: Site, demand: JunctionDemand, now: Instant): readonly number[] {
  const seen = new Map<LaneId, number>();
  for (const { lane, arrivals } of demand.lanes) {
    seen.set(
      lane,
      arrivals.reduce((total, arrival) => total + (arrival.expected || arrival.at > after(now, seconds(10)) ? 0 : arrival.pcu), 0),
    );
  }
  const exits = new Map(demand.exits.map((exit) => [exit.lane, exit]));
  const waiting = new Map(demand.pedestrians.map((call) => [call.group, call.persons]));
  return site.stages.map(({ green }) => {
    let pressure = 0;
    for (const group of green) pressure += waiting.get(group) ?? 0;
    for (const lane of site.lanes) {
      const movements = site.movements.filter((movement) => movement.fromLane === lane.id);
      for (const movement of movements) {
        if (!green.includes(movement.group)) continue;
        const exit = exits.get(movement.toLane);
        if (exit?.blocked) continue;
        pressure += ((seen.get(lane.id) ?? 0) - ((exit?.occupancyRatio ?? 0) * movement.exitLengthM) / SPACE_M) / movements.length;
      }
    }
    return pressure;
  });
}

function decide(
  { site, now, demand }: PlanningInput,
  alternatives: readonly Alternative[],
  plan: StagePlan | undefined,
  reason: string,
  rule: string | undefined,
): Decision {
  const chosen = alternatives.find(({ steps }) => steps[0]!.stage === plan?.steps[plan.steps.length - 1]?.stage) ?? alternatives[0];
  return {
    plan,
    record: {
      junction: site.id,
      at: now,
      method: 'max-pressure',
      reason,
      ...(rule === undefined ? {} : { bindingRule: rule }),
      chosen: chosen ?? { steps: [], cost: 0 },
      alternatives: alternatives.filter((alternative) => alternative !== chosen).slice(0, 3),
      seen: seenDemand(demand, now),
    },
  };
}
