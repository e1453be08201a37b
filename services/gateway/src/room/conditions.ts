import type { Condition, Site } from '@songxanh/core';
import type { DetectorLetters, LiveHealth, LiveSignals, ProcessKind, TransitVehicle } from '@songxanh/wire';

export interface RoomFacts {
  readonly health: LiveHealth;
  readonly signals: Readonly<Record<string, LiveSignals>>;
  readonly detectors: Readonly<Record<string, DetectorLetters>>;
  readonly transit: readonly TransitVehicle[];
}

/** A process that is started again by its supervisor is away for about a second: 3 s is an outage. */
const PROCESS_MS = 3000;
/** A start-up takes 5 s of flash; longer flashing is a fault or somebody's will. */
const FLASH_MS = 10_000;
/** A plan that came late is no alarm; a minute without the optimizer is. */
const DEGRADED_MS = 60_000;
const DETECTOR_MS = 5000;
/** A bus is on time up to five minutes after its timetable (Transit Capacity and Quality of Service Manual, ch. 5); a minute more may pass by itself. */
const LATE_S = 300;
const LATE_MS = 60_000;
const LOST_CONTROL: readonly ProcessKind[] = ['agent', 'cabinet', 'street'];

const ofProcesses = ({ health }: RoomFacts): readonly Condition[] =>
  health.processes
    .filter(({ state }) => state === 'down')
    .map(({ kind, name }) => ({
      key: `process/${kind}/${name}`,
      kind: 'process-down',
      severity: LOST_CONTROL.includes(kind) ? 'critical' : 'warning',
      detail: name === kind ? kind : `${kind} ${name}`,
      afterMs: PROCESS_MS,
    }));

/** Flash and lost control; an operator's or a policeman's will is no fault. */
const ofSignals = ({ signals }: RoomFacts): readonly Condition[] =>
  Object.entries(signals).flatMap(([junction, { mode, source, why }]): readonly Condition[] => {
    if (mode === 'fault-flash')
      return [{ key: `flash/${junction}`, kind: 'fault-flash', severity: 'critical', junction, detail: why, afterMs: 0 }];
    if (mode === 'start-up' || mode === 'flash-exit')
      return [{ key: `start/${junction}`, kind: 'not-running', severity: 'warning', junction, detail: mode, afterMs: FLASH_MS }];
    if (source === 'time-of-day' || source === 'actuated')
      return [{ key: `source/${junction}`, kind: 'without-optimizer', severity: 'warning', junction, detail: why, afterMs: DEGRADED_MS }];
    return [];
  });

const ofDetectors = ({ detectors }: RoomFacts, sites: readonly Site[]): readonly Condition[] =>
  sites.flatMap((site) =>
    site.detectors.flatMap((detector, k): readonly Condition[] => {
      const letter = detectors[site.id]?.[k] ?? '0';
      if (letter !== 'x' && letter !== 'X') return [];
      return [
        {
          key: `detector/${site.id}/${detector.id}`,
          kind: 'detector-failed',
          severity: 'info',
          junction: site.id,
          detail: detector.id,
          afterMs: DETECTOR_MS,
        },
      ];
    }),
  );

/** One alarm for a line, however many of its buses are late: they are late for the same reason. */
const ofBuses = ({ transit }: RoomFacts): readonly Condition[] => {
  const late = new Set(transit.flatMap(({ line, latenessS }) => ((latenessS ?? 0) > LATE_S ? [line] : [])));
  return [...late].map((line) => ({ key: `bus-late/${line}`, kind: 'bus-late', severity: 'info', detail: line, afterMs: LATE_MS }));
};

/** Reports the detector service refuses: the counts behind the plans are not whole. */
const ofData = ({ health }: RoomFacts, refusedBefore: Readonly<Record<string, number>>): readonly Condition[] =>
  Object.entries(health.refusals)
    .filter(([reason, n]) => n > (refusedBefore[reason] ?? 0))
    .map(([reason]) => ({ key: `data/${reason}`, kind: 'data-quality', severity: 'info', detail: reason, afterMs: 0 }));

/** Everything that is wrong now. */
export const conditionsOf = (
  facts: RoomFacts,
  sites: readonly Site[],
  refusedBefore: Readonly<Record<string, number>>,
): readonly Condition[] => [
  ...ofProcesses(facts),
  ...ofSignals(facts),
  ...ofDetectors(facts, sites),
  ...ofBuses(facts),
  ...ofData(facts, refusedBefore),
];
