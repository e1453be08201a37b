import type { JunctionId } from '../ids.ts';
import { accept, refuse, type Result } from '../result.ts';
import { instant, type Instant } from '../time.ts';
import type { DetectorActuation, DetectorReport } from './actuation.ts';

/** Why something in a report was changed or left out; each repair is one entry, so that they can be counted. */
export type RepairReason =
  | 'sequence-gap'
  | 'overlap-trimmed'
  | 'unknown-detector'
  | 'stamp-rounded'
  | 'stamp-outside-period'
  | 'order-restored'
  | 'missing-off'
  | 'missing-on';

/** The last report that was taken. */
export interface ReportCursor {
  readonly sequence: number;
  readonly to: Instant;
}

export interface CheckedReport {
  readonly from: Instant;
  readonly to: Instant;
  /** In order of time, stamps whole 100 ms in (from, to], known detectors only. */
  readonly actuations: readonly DetectorActuation[];
  readonly repaired: readonly RepairReason[];
}

const STAMP_MS = 100;

const isStamp = (t: unknown): t is Instant => Number.isSafeInteger(t);

/** Takes a report in or refuses it whole; what can be mended without guessing is mended and named. */
export const checkReport = (
  junction: JunctionId,
  knows: (detector: string) => boolean,
  last: ReportCursor | undefined,
  report: DetectorReport,
): Result<CheckedReport> => {
  const { sequence, to } = report;
  const name = `report ${String(sequence)} of ${report.junction}`;
  if (report.junction !== junction) return refuse('wrong-junction', `${name}: expected junction ${junction}`);
  if (!Number.isSafeInteger(sequence) || sequence < 0) return refuse('malformed-report', `${name}: expected a whole sequence number`);
  if (!isStamp(report.from) || !isStamp(to) || to < report.from)
    return refuse('malformed-report', `${name}: period from ${String(report.from)} to ${String(to)} ms: expected whole ms, from ≤ to`);
  if (last !== undefined && sequence === last.sequence) return refuse('duplicate-report', `${name}: already taken`);
  if (last !== undefined && (sequence < last.sequence || to < last.to))
    return refuse('out-of-order-report', `${name} to ${to} ms: expected after sequence ${last.sequence} to ${last.to} ms`);
  const bad = report.actuations.find((a) => !isStamp(a.at) || typeof a.on !== 'boolean' || typeof a.detector !== 'string');
  if (bad !== undefined)
    return refuse(
      'malformed-report',
      `${name}: actuation of ${String(bad.detector)} at ${String(bad.at)}: expected a whole ms and on or off`,
    );

  const repaired: RepairReason[] = [];
  if (last !== undefined && sequence > last.sequence + 1) repaired.push('sequence-gap');
  const overlaps = last !== undefined && report.from < last.to;
  if (overlaps) repaired.push('overlap-trimmed');
  const from = overlaps ? last.to : report.from;

  const actuations: DetectorActuation[] = [];
  for (const actuation of report.actuations) {
    const at = instant(Math.round(actuation.at / STAMP_MS) * STAMP_MS);
    if (!knows(actuation.detector)) repaired.push('unknown-detector');
    else if (actuation.at <= from || actuation.at > to) repaired.push('stamp-outside-period');
    else if (at === actuation.at) actuations.push(actuation);
    else {
      repaired.push('stamp-rounded');
      // Rounding may not carry it out of its period.
      const inside = at <= from ? at + STAMP_MS : at > to ? at - STAMP_MS : at;
      actuations.push({ ...actuation, at: instant(inside) });
    }
  }
  if (actuations.some((a, i) => i > 0 && a.at < actuations[i - 1]!.at)) {
    repaired.push('order-restored');
    actuations.sort((a, b) => a.at - b.at);
  }
  return accept({ from, to, actuations, repaired });
};
