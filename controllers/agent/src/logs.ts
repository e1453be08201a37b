import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { ControllerReport, Lamp, Site } from '@songxanh/core';

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
  const stream = createWriteStream(file);
  stream.write(`${header}\n`);
  return {
    write: (states) => {
      const sorted = [...states].sort((a, b) => (a.junction < b.junction ? -1 : 1));
      const lines = sorted.flatMap(linesOf);
      if (lines.length > 0) stream.write(`${lines.join('\n')}\n`);
    },
    close: async () => {
      stream.end();
      await finished(stream);
    },
  };
};

/** `time_ms,junction,heads`: one letter per head: r red, G green, g permissive, y clearance, f/F flashing yellow/red, d dark. */
export const openSignalLog = (file: string): StepLog =>
  openStepLog(file, 'time_ms,junction,heads', (s) => [`${String(s.at)},${s.junction},${s.heads.map((h) => LETTERS[h]).join('')}`]);

/** `time_ms,group,number`: one line per display and step, the number empty while the display is blank; groups as `junction/group`. */
export const openCountdownLog = (file: string, sites: readonly Site[]): StepLog => {
  const displays = new Set(
    sites.flatMap((s) => s.groups.filter((g) => g.countdown.green !== 'none' || g.countdown.red !== 'none').map((g) => `${s.id}/${g.id}`)),
  );
  return openStepLog(file, 'time_ms,group,number', (s) =>
    s.countdowns.flatMap((c) => {
      const name = `${s.junction}/${c.group}`;
      return displays.has(name) ? [`${String(s.at)},${name},${c.number === undefined ? '' : String(c.number)}`] : [];
    }),
  );
};
