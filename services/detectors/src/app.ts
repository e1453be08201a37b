import type { JunctionId, Site } from '@songxanh/core';
import { junctionId } from '@songxanh/core';
import type { BidiHandler, Handlers, Log } from '@songxanh/platform';
import type { Store } from '@songxanh/store';
import { eventStream, observationStream } from '@songxanh/store';
import type {
  JunctionObservation,
  JunctionObservationMessage,
  JunctionReportMessage,
  ReportOutcome,
  ReportRequest,
  ReportResponse,
} from '@songxanh/wire';
import { encodeObservation, encodeReportOutcome } from '@songxanh/wire';
import type { JunctionDesk, Taken } from './junction-desk.ts';
import { openJunctionDesk } from './junction-desk.ts';
import type { SubscribeCall } from './subscribers.ts';
import { openSubscribers } from './subscribers.ts';

export interface DetectorsDeps {
  readonly sites: readonly Site[];
  readonly log: Log;
  readonly store: Store | undefined;
}

export interface DetectorsApp {
  readonly handlers: { readonly DetectionService: Handlers };
  /** Reports refused and repairs made since the start, by reason. */
  readonly tally: () => Readonly<Record<string, number>>;
}

const observations = observationStream<JunctionObservation>();

/** Writes waiting for Redis; beyond it they are dropped and counted, for the path of the next second comes first. */
const MAX_PENDING_WRITES = 5000;

/** The detector service without its socket: reports in, observations out to subscribers, and after that to Redis. */
export const buildApp = ({ sites, log, store }: DetectorsDeps): DetectorsApp => {
  const desks = new Map<string, JunctionDesk>(sites.map((site) => [site.id, openJunctionDesk(site)]));
  const subscribers = openSubscribers();
  const tally: Record<string, number> = {};
  let pending = 0;
  const count = (reason: string): void => {
    tally[reason] = (tally[reason] ?? 0) + 1;
  };

  const record = (junction: JunctionId, { observation, events }: Taken): void => {
    if (store === undefined || !store.isUp()) return;
    if (pending >= MAX_PENDING_WRITES) {
      count('redis-write-dropped');
      return;
    }
    pending += 1;
    void Promise.all([
      observation === undefined ? undefined : observations.append(store, junction, [observation]),
      events.length === 0 ? undefined : eventStream.append(store, junction, events),
    ]).finally(() => {
      pending -= 1;
    });
  };

  const takeOne = (message: JunctionReportMessage): Taken => {
    const desk = desks.get(message.junction);
    if (desk !== undefined) return desk.take(message);
    const refusal = {
      ok: false,
      reason: 'unknown-junction',
      message: `report of ${JSON.stringify(message.junction)}: expected a junction with a site file`,
    } as const;
    return {
      outcome: { junction: junctionId(message.junction), sequence: message.sequence, refusal, repaired: [] },
      events: [],
      qualityChanges: [],
    };
  };

  const note = (agent: string, { outcome, qualityChanges }: Taken): ReportOutcome => {
    const { junction, sequence, refusal, repaired } = outcome;
    if (refusal !== undefined) {
      count(refusal.reason);
      log.warn({ agent, junction, sequence, reason: refusal.reason, detail: refusal.message }, 'report refused');
    }
    for (const reason of repaired) count(reason);
    for (const change of qualityChanges) log.info({ junction, ...change }, 'detector health changed');
    return outcome;
  };

  const report: BidiHandler<ReportRequest, ReportResponse> = (call) => {
    call.on('data', ({ agent, reports }: ReportRequest) => {
      const taken = reports.map(takeOne);
      const seen = taken.flatMap(({ observation }): JunctionObservationMessage[] =>
        observation === undefined ? [] : [encodeObservation(observation)],
      );
      subscribers.send(seen);
      // An answer waits for the observations, and the socket is written to between two turns of the event loop: the rest comes in the next one.
      setImmediate(() => {
        call.write({ outcomes: taken.map((one) => encodeReportOutcome(note(agent, one))) });
        for (const one of taken) if (one.observation !== undefined) record(one.outcome.junction, one);
      });
    });
    call.on('end', () => {
      call.end();
    });
  };

  const latest = (junction: string): JunctionObservationMessage | undefined => {
    const observation = desks.get(junction)?.latest();
    return observation === undefined ? undefined : encodeObservation(observation);
  };
  const subscribe = (call: SubscribeCall): void => {
    log.info({ subscriber: call.request.subscriber, junctions: call.request.junctions.length }, 'subscribed');
    subscribers.add(call, latest, [...desks.keys()]);
  };

  return { handlers: { DetectionService: { Report: report, Subscribe: subscribe } }, tally: () => tally };
};
