import type { Decision, DemandState, JunctionDemand, OutflowBoard, Planner, Site } from '@songxanh/core';
import { foreseeOutflow, planId, planWithinMeasures, readDemand, startDemand, updateDemand, withClosedStreets } from '@songxanh/core';
import type { Answer, JunctionObservation } from '@songxanh/wire';
import type { RequestNews, RequestWatch } from './request-watch.ts';
import { openRequestWatch } from './request-watch.ts';

export interface Answered {
  readonly answer: Answer;
  readonly decision: Decision | undefined;
}

/** What an optimizer knows of one junction it owns. */
export interface JunctionMind {
  /** Takes in what was seen without deciding: how a new owner catches up on the recent past. */
  readonly recall: (past: readonly JunctionObservation[]) => void;
  /** Answers an observation; undefined for one that has been answered already. */
  readonly answer: (observation: JunctionObservation) => Answered | undefined;
  /** What the last observation tells neighbours, and of the requests: after the answer, since the street does not wait for it. */
  readonly settle: () => readonly RequestNews[];
  readonly requests: RequestWatch;
  /** The newest answer: a follower that comes late may be waiting for it. */
  readonly lastAnswer: () => Answer | undefined;
}

/** `board`: what the other junctions of this process send on; `closed`: edges and lanes that works close now. */
export const openJunctionMind = (
  site: Site,
  planner: Planner,
  board: OutflowBoard,
  closed: () => ReadonlySet<string> = () => new Set(),
): JunctionMind => {
  let demand: DemandState | undefined;
  let last: JunctionObservation | undefined;
  let picture: JunctionDemand | undefined;
  let lastAnswer: Answer | undefined;
  const requests = openRequestWatch(site, planner);

  const observe = (observation: JunctionObservation): boolean => {
    const { counts, signals, epoch } = observation;
    if (epoch === last?.epoch && counts.sequence <= last.counts.sequence) return false;
    // A street that begins again (a new epoch and an earlier time) has other traffic.
    const known = demand !== undefined && counts.to >= demand.at ? demand : undefined;
    demand = updateDemand(site, known ?? startDemand(site, counts.from), {
      now: counts.to,
      counts,
      // What was counted happened under the lamps of the report before.
      lamps: (known === undefined ? undefined : last)?.signals.lamps ?? signals.lamps,
      inflow: board.inflowOf(site, counts.to),
    });
    last = observation;
    return true;
  };

  const look = (): void => {
    if (demand !== undefined) picture = withClosedStreets(site, readDemand(site, demand, demand.at), closed());
  };

  const tellNeighbours = (): void => {
    if (last === undefined || demand === undefined || picture === undefined) return;
    board.tell(site.id, last.counts.to, foreseeOutflow(site, last.signals, picture, demand));
  };

  const decide = (): Decision | undefined => {
    if (last === undefined || picture === undefined || last.signals.mode !== 'running') return undefined;
    const now = last.counts.to;
    // The id is the same on every process and in every run: one seed, one signal log.
    const input = { site, now, signals: last.signals, demand: picture, planId: planId(`${site.id}@${String(now)}`) };
    return planWithinMeasures(planner, input, requests.weighed(now));
  };

  return {
    recall: (past) => {
      for (const observation of past) observe(observation);
      look();
      tellNeighbours();
    },
    answer: (observation) => {
      if (!observe(observation)) return undefined;
      look();
      const decision = decide();
      // Only a junction under control gets the plan; `monitor`, `shadow` and `advisory` stop at the record.
      const plan = site.mode === 'control' ? decision?.plan : undefined;
      lastAnswer = {
        junction: site.id,
        sequence: observation.counts.sequence,
        epoch: observation.epoch,
        word: plan === undefined ? { kind: 'unchanged' } : { kind: 'plan', plan },
      };
      return { answer: lastAnswer, decision };
    },
    lastAnswer: () => lastAnswer,
    requests,
    settle: () => {
      tellNeighbours();
      if (last === undefined || picture === undefined || last.signals.mode !== 'running') return [];
      const { counts, signals } = last;
      return requests.compare({ now: counts.to, signals, demand: picture, actuations: counts.actuations });
    },
  };
};
