import type { Decision, DemandState, LampState, Planner, Site } from '@songxanh/core';
import { planId, readDemand, startDemand, updateDemand } from '@songxanh/core';
import type { Answer, JunctionObservation } from '@songxanh/wire';

/** What an optimizer knows of one junction it owns. */
export interface JunctionMind {
  /** Takes in what was seen without deciding: how a new owner catches up on the recent past. */
  readonly recall: (past: readonly JunctionObservation[]) => void;
  /** Answers an observation; undefined for one that has been answered already. */
  readonly answer: (observation: JunctionObservation) => { readonly answer: Answer; readonly decision: Decision | undefined } | undefined;
  /** The newest answer: a follower that comes late may be waiting for it. */
  readonly lastAnswer: () => Answer | undefined;
}

export const openJunctionMind = (site: Site, planner: Planner): JunctionMind => {
  let demand: DemandState | undefined;
  let epoch: number | undefined;
  let sequence = 0;
  let lamps: readonly LampState[] | undefined;
  let last: Answer | undefined;

  const observe = (observation: JunctionObservation): boolean => {
    const { counts, signals } = observation;
    if (observation.epoch === epoch && counts.sequence <= sequence) return false;
    // A street that begins again (a new epoch and an earlier time) has other traffic.
    if (demand !== undefined && counts.to < demand.at) {
      demand = undefined;
      lamps = undefined;
    }
    epoch = observation.epoch;
    sequence = counts.sequence;
    // What was counted happened under the lamps of the report before.
    demand = updateDemand(site, demand ?? startDemand(site, counts.from), { now: counts.to, counts, lamps: lamps ?? signals.lamps });
    lamps = signals.lamps;
    return true;
  };

  const decide = ({ counts, signals }: JunctionObservation): Decision | undefined => {
    if (demand === undefined || signals.mode !== 'running') return undefined;
    return planner({
      site,
      now: counts.to,
      signals,
      demand: readDemand(site, demand, counts.to),
      // The same on every process and in every run: one seed, one signal log.
      planId: planId(`${site.id}@${String(counts.to)}`),
    });
  };

  return {
    recall: (past) => {
      for (const observation of past) observe(observation);
    },
    answer: (observation) => {
      if (!observe(observation)) return undefined;
      const decision = decide(observation);
      // Only a junction under control gets the plan; `monitor`, `shadow` and `advisory` stop at the record.
      const plan = site.mode === 'control' ? decision?.plan : undefined;
      last = {
        junction: site.id,
        sequence: observation.counts.sequence,
        epoch: observation.epoch,
        word: plan === undefined ? { kind: 'unchanged' } : { kind: 'plan', plan },
      };
      return { answer: last, decision };
    },
    lastAnswer: () => last,
  };
};
