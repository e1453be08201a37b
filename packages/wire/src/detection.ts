import {
  accept,
  detectorId,
  instant,
  junctionId,
  milliseconds,
  type DetectorActuation,
  type DetectorCount,
  type DetectorReport,
  type JunctionCounts,
  type JunctionId,
  type Refusal,
  type Result,
  type SignalEvent,
} from '@songxanh/core';
import { qualities } from './enums.ts';
import type {
  ActuationMessage,
  CabinetHealthMessage,
  DetectorCountMessage,
  JunctionObservationMessage,
  JunctionReportMessage,
  ReportOutcomeMessage,
} from './messages.ts';
import { isWhole, malformed, parseAll } from './parsing.ts';
import { encodeRefusal, parseRefusal } from './plan.ts';
import { encodeEvent, encodeSignalState, parseEvent, parseSignalState, type SignalState } from './signals.ts';

/** What a cabinet says of itself. */
export interface CabinetHealth {
  readonly monitorFault: boolean;
  readonly monitorReason: string;
  readonly failedHeads: readonly number[];
}

export const HEALTHY_CABINET: CabinetHealth = { monitorFault: false, monitorReason: '', failedHeads: [] };

export const parseCabinetHealth = (m: CabinetHealthMessage | null): CabinetHealth => m ?? HEALTHY_CABINET;

export const encodeCabinetHealth = (h: CabinetHealth): CabinetHealthMessage => h;

/** An agent's whole report on one junction; `epoch` changes with each start of the agent. */
export interface JunctionReport {
  readonly epoch: number;
  readonly detectors: DetectorReport;
  readonly signals: SignalState;
  readonly events: readonly SignalEvent[];
  readonly cabinet: CabinetHealth;
}

/** Form only: order, doubles, gaps and stamps are judged by `core/detection`, which repairs what can be repaired. */
export const parseActuation = (m: ActuationMessage): Result<DetectorActuation> => {
  if (m.detector === '') return malformed('actuation: detector', m.detector, 'the id of a detector');
  if (!isWhole(m.atMs)) return malformed(`actuation of ${m.detector}: at_ms`, m.atMs, 'whole milliseconds');
  return accept({ detector: detectorId(m.detector), at: instant(m.atMs), on: m.on });
};

export const encodeActuation = (a: DetectorActuation): ActuationMessage => ({ detector: a.detector, atMs: a.at, on: a.on });

interface Numbered {
  readonly junction: string;
  readonly sequence: number;
  readonly epoch: number;
  readonly fromMs: number;
  readonly toMs: number;
}

const checkNumbering = (kind: string, m: Numbered): Refusal | undefined => {
  if (m.junction === '') return malformed(`${kind}: junction`, m.junction, 'the id of a junction');
  const where = `${kind} of ${m.junction}`;
  if (!isWhole(m.sequence) || m.sequence < 1) return malformed(`${where}: sequence`, m.sequence, 'a whole number from 1');
  if (!isWhole(m.epoch)) return malformed(`${where}: epoch`, m.epoch, 'a whole number below 2^53');
  if (!isWhole(m.fromMs)) return malformed(`${where}: from_ms`, m.fromMs, 'whole milliseconds');
  if (!isWhole(m.toMs) || m.toMs < m.fromMs)
    return malformed(`${where}: to_ms`, m.toMs, `whole milliseconds, not before from_ms ${String(m.fromMs)}`);
  return undefined;
};

export const parseReport = (m: JunctionReportMessage): Result<JunctionReport> => {
  const bad = checkNumbering('report', m);
  if (bad !== undefined) return bad;
  const junction = junctionId(m.junction);
  if (m.signals === null) return malformed(`report of ${m.junction}: signals`, null, 'the state of its signals');
  const actuations = parseAll(m.actuations, parseActuation);
  if (!actuations.ok) return actuations;
  const signals = parseSignalState(m.signals);
  if (!signals.ok) return signals;
  if (signals.value.junction !== junction)
    return malformed(`report of ${m.junction}: signals.junction`, signals.value.junction, m.junction);
  const events = parseAll(m.events, (e) => parseEvent(junction, e));
  if (!events.ok) return events;
  return accept({
    epoch: m.epoch,
    detectors: { junction, sequence: m.sequence, from: instant(m.fromMs), to: instant(m.toMs), actuations: actuations.value },
    signals: signals.value,
    events: events.value,
    cabinet: parseCabinetHealth(m.cabinet),
  });
};

export const encodeReport = (r: JunctionReport): JunctionReportMessage => ({
  junction: r.detectors.junction,
  sequence: r.detectors.sequence,
  fromMs: r.detectors.from,
  toMs: r.detectors.to,
  actuations: r.detectors.actuations.map(encodeActuation),
  signals: encodeSignalState(r.signals),
  events: r.events.map(encodeEvent),
  cabinet: encodeCabinetHealth(r.cabinet),
  epoch: r.epoch,
});

/** What became of one report: undefined `refusal` when it was taken. */
export interface ReportOutcome {
  readonly junction: JunctionId;
  readonly sequence: number;
  readonly refusal: Refusal | undefined;
  readonly repaired: readonly string[];
}

export const parseReportOutcome = (m: ReportOutcomeMessage): ReportOutcome => ({
  junction: junctionId(m.junction),
  sequence: m.sequence,
  refusal: parseRefusal(m.refusal),
  repaired: m.repaired,
});

export const encodeReportOutcome = (o: ReportOutcome): ReportOutcomeMessage => ({
  junction: o.junction,
  sequence: o.sequence,
  refusal: encodeRefusal(o.refusal),
  repaired: o.repaired,
});

/** Counts of one report with the signals as they were: what an optimizer sees. */
export interface JunctionObservation {
  readonly epoch: number;
  readonly counts: JunctionCounts;
  readonly signals: SignalState;
}

const parseCount = (m: DetectorCountMessage): Result<DetectorCount> => {
  if (m.detector === '') return malformed('count: detector', m.detector, 'the id of a detector');
  const quality = qualities.nameOf(m.quality);
  if (quality === undefined) return malformed(`count of ${m.detector}: quality`, m.quality, 'a Quality');
  if (!isWhole(m.occupiedMs) || m.occupiedMs < 0)
    return malformed(`count of ${m.detector}: occupied_ms`, m.occupiedMs, 'whole milliseconds from 0');
  return accept({ detector: detectorId(m.detector), count: m.count, occupied: milliseconds(m.occupiedMs), on: m.on, quality });
};

export const parseObservation = (m: JunctionObservationMessage): Result<JunctionObservation> => {
  const bad = checkNumbering('observation', m);
  if (bad !== undefined) return bad;
  if (m.signals === null) return malformed(`observation of ${m.junction}: signals`, null, 'the state of its signals');
  const counts = parseAll(m.counts, parseCount);
  if (!counts.ok) return counts;
  const actuations = parseAll(m.actuations, parseActuation);
  if (!actuations.ok) return actuations;
  const signals = parseSignalState(m.signals);
  if (!signals.ok) return signals;
  return accept({
    epoch: m.epoch,
    counts: {
      junction: junctionId(m.junction),
      sequence: m.sequence,
      from: instant(m.fromMs),
      to: instant(m.toMs),
      counts: counts.value,
      actuations: actuations.value,
    },
    signals: signals.value,
  });
};

export const encodeObservation = (o: JunctionObservation): JunctionObservationMessage => ({
  junction: o.counts.junction,
  sequence: o.counts.sequence,
  epoch: o.epoch,
  fromMs: o.counts.from,
  toMs: o.counts.to,
  counts: o.counts.counts.map((c) => ({
    detector: c.detector,
    count: c.count,
    occupiedMs: c.occupied,
    on: c.on,
    quality: qualities.codeOf(c.quality),
  })),
  actuations: o.counts.actuations.map(encodeActuation),
  signals: encodeSignalState(o.signals),
});
