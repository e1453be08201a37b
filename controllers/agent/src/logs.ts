import type { ControllerReport, Lamp, Site } from '@songxanh/core';
import { COUNTDOWN_LOG_HEADER, openCsvLog, SIGNAL_LOG_HEADER } from '@songxanh/platform';

/** A CSV file that grows step by step, junctions in order of their ids, so that equal runs give equal files. */
export interface StepLog {
  readonly write: (states: readonly ControllerReport[]) => void;
  readonly close: () => Promise<void>;
}

const LETTERS: Readonly<Record<Lamp, string>> = {
  red: 'r',
  green: 'G',
  permissive: 'g',
  clearance: 'y',
  'flash-yellow': 'f',
  'flash-red': 'F',
  dark: 'd',
};

const openStepLog = (file: string, header: string, linesOf: (state: ControllerReport) => readonly string[]): StepLog => {
  const log = openCsvLog(file, header);
  return {
    write: (states) => {
      log.write([...states].sort((a, b) => (a.junction < b.junction ? -1 : 1)).flatMap(linesOf));
    },
    close: log.close,
  };
};

/** `time_ms,junction,heads`: one letter per head: r red, G green, g permissive, y clearance, f/F flashing yellow/red, d dark. */
export const openSignalLog = (file: string): StepLog =>
  openStepLog(file, SIGNAL_LOG_HEADER, (s) => [`${String(s.at)},${s.junction},${s.heads.map((h) => LETTERS[h]).join('')}`]);

/** `time_ms,group,number`: one line per display and step, the number empty while the display is blank; groups as `junction/group`. */
export const openCountdownLog = (file: string, sites: readonly Site[]): StepLog => {
  const displays = new Set(
    sites.flatMap((s) => s.groups.filter((g) => g.countdown.green !== 'none' || g.countdown.red !== 'none').map((g) => `${s.id}/${g.id}`)),
  );
  return openStepLog(file, COUNTDOWN_LOG_HEADER, (s) =>
    s.countdowns.flatMap((c) => {
      const name = `${s.junction}/${c.group}`;
      return displays.has(name) ? [`${String(s.at)},${name},${c.number === undefined ? '' : String(c.number)}`] : [];
    }),
  );
};
