import { createWriteStream, existsSync, statSync } from 'node:fs';
import { finished } from 'node:stream/promises';

/** A CSV file that grows step by step. */
export interface CsvLog {
  readonly write: (lines: readonly string[]) => void;
  readonly close: () => Promise<void>;
}

/**
 * Appends, so that a process that is started again loses nothing, and processes may share a file: the lines of a call go out in one
 * write. The header comes first in a file that is new or empty.
 */
export const openCsvLog = (file: string, header: string): CsvLog => {
  const isNew = !existsSync(file) || statSync(file).size === 0;
  const stream = createWriteStream(file, { flags: 'a' });
  if (isNew) stream.write(`${header}\n`);
  return {
    write: (lines) => {
      if (lines.length > 0) stream.write(`${lines.join('\n')}\n`);
    },
    close: async () => {
      stream.end();
      await finished(stream);
    },
  };
};

export const SIGNAL_LOG_HEADER = 'time_ms,junction,heads';
export const COUNTDOWN_LOG_HEADER = 'time_ms,group,number';
