import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

const FOLDER = resolve(import.meta.dirname, '../results');

/** Keeps a result beside the benchmarks. */
export const record = (name: string, content: string): void => {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(resolve(FOLDER, name), content);
};

/** What was recorded under this name. */
export const findRecorded = (name: string): string | undefined => {
  try {
    return readFileSync(resolve(FOLDER, name), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

export const today = (): string => new Date().toISOString().slice(0, 10);
