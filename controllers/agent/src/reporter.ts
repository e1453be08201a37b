import { dial, keepBidi, type Log } from '@songxanh/platform';
import {
  encodeReport,
  parseReportOutcome,
  type JunctionReport,
  type ReportOutcome,
  type ReportRequest,
  type ReportResponse,
} from '@songxanh/wire';

export interface Reporter {
  /** All junctions of a step in one message. False when the detector service is not there: the reports are lost, their numbers missing. */
  readonly report: (reports: readonly JunctionReport[]) => boolean;
  readonly isUp: () => boolean;
  readonly stop: () => void;
}

export interface ReporterOptions {
  readonly agent: string;
  /** Address of DetectionService. */
  readonly detectors: string;
  readonly onRefused: (outcome: ReportOutcome) => void;
  readonly onDown: () => void;
  readonly log: Log;
}

/** Streams what the detectors saw to the detector service. */
export const openReporter = (options: ReporterOptions): Reporter => {
  const { log, agent } = options;
  const client = dial('DetectionService', options.detectors);
  const link = keepBidi<ReportResponse, ReportRequest>(client, 'Report', {
    // Nothing to say before the first report; an empty batch opens the stream.
    onOpen: (send) => {
      send({ agent, reports: [] });
    },
    onUp: () => {
      log.info('detector service there');
    },
    onDown: (reason) => {
      log.warn({ reason }, 'detector service lost');
      options.onDown();
    },
    onMessage: (m) => {
      for (const outcome of m.outcomes.map(parseReportOutcome)) {
        if (outcome.repaired.length > 0)
          log.debug({ junction: outcome.junction, sequence: outcome.sequence, repaired: outcome.repaired }, 'report repaired');
        if (outcome.refusal === undefined) continue;
        log.warn(
          { junction: outcome.junction, sequence: outcome.sequence, reason: outcome.refusal.reason, message: outcome.refusal.message },
          'report refused',
        );
        options.onRefused(outcome);
      }
    },
  });
  return {
    report: (reports) => link.send({ agent, reports: reports.map(encodeReport) }),
    isUp: link.isUp,
    stop: () => {
      link.close();
      client.close();
    },
  };
};
