import { openCsvLog, SIGNAL_LOG_HEADER } from './csv-log.ts';

/** What the lamps of the street show. */
export interface SignalLog {
  /** Heads per junction, one byte per head (a Lamp value of the contract), shown from `atMs` to the next step. */
  readonly write: (atMs: number, heads: ReadonlyMap<string, Uint8Array>) => void;
  readonly close: () => Promise<void>;
}

/** By Lamp value: r red, G green, g permissive, y clearance, f/F flashing yellow/red, d dark. */
const LETTERS = '?rGgyfFd';

/** `time_ms,junction,heads`, one line per junction and step, junctions in order of their ids, so that equal runs give equal files. */
export const openSignalLog = (file: string): SignalLog => {
  const log = openCsvLog(file, SIGNAL_LOG_HEADER);
  const lettersOf = (heads: Uint8Array | undefined): string => Array.from(heads ?? [], (code) => LETTERS[code] ?? '?').join('');
  return {
    write: (atMs, heads) => {
      log.write([...heads.keys()].sort().map((junction) => `${String(atMs)},${junction},${lettersOf(heads.get(junction))}`));
    },
    close: log.close,
  };
};
