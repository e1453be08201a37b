import { mkdirSync, readdirSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { LiveDelta, ReplaySegment } from '@songxanh/wire';
import type { LiveBoard } from './live-board.ts';

const SEGMENT_MS = 60_000;
const zip = promisify(gzip);

/** Records what the page is told, a file per minute of street time, so that any of them can be played again by itself. */
export interface Recorder {
  readonly note: (delta: LiveDelta) => void;
  /** Oldest first, in street time; of two runs over the same minute the later one. */
  readonly list: () => readonly ReplaySegment[];
  /** Gzipped JSON lines. */
  readonly read: (file: string) => Promise<Buffer | undefined>;
  readonly close: () => Promise<void>;
}

export interface RecorderOptions {
  readonly folder: string;
  readonly board: LiveBoard;
  /** Minutes that are kept; the oldest recorded go first. */
  readonly keep: number;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}

interface Kept extends ReplaySegment {
  readonly recordedAt: number;
}

const EXTENSION = '.jsonl.gz';
/** `<from>-<to>-<wall time of the recording>` */
const parseName = (file: string): Kept | undefined => {
  const [from, to, recordedAt] = file.split('-').map(Number);
  return from === undefined || to === undefined || recordedAt === undefined ? undefined : { file, from, to, recordedAt };
};

export const startRecorder = ({ folder, board, keep, now, onError }: RecorderOptions): Recorder => {
  mkdirSync(folder, { recursive: true });
  let kept = readdirSync(folder)
    .filter((name) => name.endsWith(EXTENSION))
    .flatMap((name) => parseName(name.slice(0, -EXTENSION.length)) ?? [])
    .sort((a, b) => a.recordedAt - b.recordedAt);
  let lines: string[] = [];
  let from = 0;
  let last = 0;
  let writing = Promise.resolve();

  const write = async (text: string, segment: Kept): Promise<void> => {
    const path = join(folder, `${segment.file}${EXTENSION}`);
    await writeFile(`${path}.part`, await zip(text));
    await rename(`${path}.part`, path);
    kept = [...kept, segment];
    const old = kept.slice(0, Math.max(0, kept.length - keep));
    kept = kept.slice(old.length);
    await Promise.all(old.map(({ file }) => rm(join(folder, `${file}${EXTENSION}`), { force: true })));
  };
  const closeSegment = (): void => {
    if (lines.length < 2) return;
    const text = `${lines.join('\n')}\n`;
    const recordedAt = now();
    const segment = { file: `${String(from)}-${String(last)}-${String(recordedAt)}`, from, to: last, recordedAt };
    writing = writing.then(() => write(text, segment)).catch(onError);
  };
  return {
    note: (delta) => {
      // Before the street has spoken there is no time to file it under.
      if (delta.at <= 0) return;
      if (lines.length === 0 || delta.at - from >= SEGMENT_MS || delta.at < last) {
        closeSegment();
        from = delta.at;
        lines = [JSON.stringify(board.snapshot())];
      } else lines.push(JSON.stringify(delta));
      last = delta.at;
    },
    list: () => {
      // Newest recording first: what it covers, older ones do not.
      const shown: Kept[] = [];
      for (const segment of [...kept].reverse())
        if (!shown.some((other) => segment.from < other.to && other.from < segment.to)) shown.push(segment);
      return shown.map(({ file, from: begin, to }) => ({ file, from: begin, to })).sort((a, b) => a.from - b.from);
    },
    read: async (file) => {
      if (!kept.some((segment) => segment.file === file)) return undefined;
      return readFile(join(folder, `${file}${EXTENSION}`)).catch(() => undefined);
    },
    close: async () => {
      closeSegment();
      await writing;
    },
  };
};
