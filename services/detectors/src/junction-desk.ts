import type { DetectorQuality, Refusal, SignalEvent, Site } from '@songxanh/core';
import { detect, startDetection } from '@songxanh/core';
import type { JunctionObservation, JunctionReportMessage, ReportOutcome } from '@songxanh/wire';
import { parseReport } from '@songxanh/wire';

export interface QualityChange {
  readonly detector: string;
  readonly from: DetectorQuality;
  readonly to: DetectorQuality;
}

export interface Taken {
  readonly outcome: ReportOutcome;
  readonly observation?: JunctionObservation;
  readonly events: readonly SignalEvent[];
  readonly qualityChanges: readonly QualityChange[];
}

/** Takes one junction's reports in; nothing one junction sends can touch another's desk. */
export interface JunctionDesk {
  readonly take: (message: JunctionReportMessage) => Taken;
  /** The newest observation: what a new subscriber must know at once. */
  readonly latest: () => JunctionObservation | undefined;
}

const refused = (message: JunctionReportMessage, site: Site, refusal: Refusal): Taken => ({
  outcome: { junction: site.id, sequence: message.sequence, refusal, repaired: [] },
  events: [],
  qualityChanges: [],
});

export const openJunctionDesk = (site: Site): JunctionDesk => {
  let epoch: number | undefined;
  let state = startDetection(site);
  let latest: JunctionObservation | undefined;
  const qualities = new Map<string, DetectorQuality>();

  const noteQualities = (observation: JunctionObservation): readonly QualityChange[] =>
    observation.counts.counts.flatMap(({ detector, quality }) => {
      const before = qualities.get(detector) ?? 'good';
      qualities.set(detector, quality);
      return before === quality ? [] : [{ detector, from: before, to: quality }];
    });

  return {
    take: (message) => {
      const report = parseReport(message);
      if (!report.ok) return refused(message, site, report);
      if (report.value.epoch !== epoch) {
        // The agent has started anew: its sequence begins again, and so does what we know.
        epoch = report.value.epoch;
        state = startDetection(site);
      }
      const { state: next, outcome, repaired } = detect(site, state, report.value.detectors);
      state = next;
      if (!outcome.ok) return refused(message, site, outcome);
      const observation: JunctionObservation = { epoch, counts: outcome.value, signals: report.value.signals };
      latest = observation;
      return {
        outcome: { junction: site.id, sequence: message.sequence, refusal: undefined, repaired },
        observation,
        events: report.value.events,
        qualityChanges: noteQualities(observation),
      };
    },
    latest: () => latest,
  };
};
