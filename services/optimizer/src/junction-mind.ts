import type { Decision, DemandState, JunctionDemand, LampState, OutflowBoard, Planner, Site } from '@songxanh/core';
import { foreseeOutflow, planId, planWithinMeasures, readDemand, startDemand, updateDemand } from '@songxanh/core';
import type { Answer, JunctionObservation } from '@songxanh/wire';
import type { RequestNews, RequestWatch } from './request-watch.ts';
import { openRequestWatch } from './request-watch.ts';

/** What an optimizer knows of one junction it owns. */
export interface JunctionMind {
  /** Takes in what was seen without deciding: how a new owner catches up on the recent past. */
  readonly recall: (past: readonly JunctionObservation[]) => void;
  /** Answers an observation; undefined for one that has been answered already. */
  readonly answer: (observation: JunctionObservation) => { readonly answer: Answer; readonly decision: Decision | undefined } | undefined;
  /** What the last observation tells of the requests: after the answer, since the street does not wait for it. */
  readonly account: () => readonly RequestNews[];
  readonly requests: RequestWatch;
  /** The newest answer: a follower that comes late may be waiting for it. */
  readonly lastAnswer: () => Answer | undefined;
}

/** `board`: what the other junctions of this process send on. */
export const openJunctionMind = (site: Site, planner: Planner, board: OutflowBoard): JunctionMind => {
  let demand: DemandState | undefined;
  let epoch: number | undefined;
  let sequence = 0;
  let picture: JunctionDemand | undefined;
  let lamps: readonly LampState[] | undefined;
  let last: Answer | undefined;
  const requests = openRequestWatch(site, planner);
  let told: JunctionObservation | undefined;

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
    demand = updateDemand(site, demand ?? startDemand(site, counts.from), {
      now: counts.to,
      counts,
      lamps: lamps ?? signals.lamps,
      inflow: board.inflowOf(site, counts.to),
    });
    told = observation;
    lamps = signals.lamps;
    picture = readDemand(site, demand, counts.to);
    board.tell(site.id, counts.to, foreseeOutflow(site, signals, picture, demand));
    return true;
  };

  const decide = ({ counts, signals }: JunctionObservation): Decision | undefined => {
    if (picture === undefined || signals.mode !== 'running') return undefined;
    // The id is the same on every process and in every run: one seed, one signal log.
    const input = { site, now: counts.to, signals, demand: picture, planId: planId(`${site.id}@${String(counts.to)}`) };
    return planWithinMeasures(planner, input, requests.weighed(counts.to));
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
    requests,
    account: () => {
      if (told === undefined || picture === undefined || told.signals.mode !== 'running') return [];
      const { counts, signals } = told;
      return requests.compare({ now: counts.to, signals, demand: picture, actuations: counts.actuations });
    },
  };
};
