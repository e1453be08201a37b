import type { DetectorActuation, Site } from '@songxanh/core';
import {
  after,
  before,
  detect,
  instant,
  milliseconds,
  reportController,
  seconds,
  startController,
  startDetection,
  step,
} from '@songxanh/core';
import type { JunctionObservation } from '@songxanh/wire';

/** Every loop sees a vehicle each four to six seconds. */
const passing = (site: Site, now: ReturnType<typeof instant>, second: number): readonly DetectorActuation[] =>
  site.detectors.flatMap(({ id }, i) =>
    (second + i) % (4 + (i % 3)) === 0
      ? [
          { detector: id, at: before(now, milliseconds(600)), on: true },
          { detector: id, at: now, on: false },
        ]
      : [],
  );

/** What the detectors of a junction under its own plans tell in so many seconds of steady traffic. */
export const observedMinutes = (site: Site, s: number): readonly JunctionObservation[] => {
  let now = instant(60_000);
  let controller = startController(site, now);
  let detection = startDetection(site);
  const observations: JunctionObservation[] = [];
  for (let sequence = 1; sequence <= s; sequence += 1) {
    const from = now;
    now = after(now, seconds(1));
    const actuations = passing(site, now, sequence);
    ({ state: controller } = step(site, controller, {
      ...{ now, actuations, plans: [], overrides: [], failedDetectors: [], cabinetFault: false },
    }));
    const seen = detect(site, detection, { junction: site.id, sequence, from, to: now, actuations });
    detection = seen.state;
    if (seen.outcome.ok) observations.push({ epoch: 1, counts: seen.outcome.value, signals: reportController(site, controller) });
  }
  return observations;
};
