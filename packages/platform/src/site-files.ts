import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Result } from '@songxanh/core';
import { EdgeError } from './errors.ts';

/** Files named by `paths`; a folder stands for its files that end in `suffix`, in order of their names. */
const listFiles = async (paths: readonly string[], suffix: string): Promise<readonly string[]> => {
  const files: string[] = [];
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) throw new EdgeError('bad-input', `${path}: expected a file or folder with *${suffix}, found nothing`);
    if (!found.isDirectory()) files.push(path);
    else {
      const names = (await readdir(path)).filter((name) => name.endsWith(suffix)).sort();
      files.push(...names.map((name) => join(path, name)));
    }
  }
  if (files.length === 0) throw new EdgeError('bad-input', `${paths.join(', ')}: expected at least one *${suffix}`);
  return files;
};

/** Reads and parses every file; the first that is refused ends it with a `bad-input` EdgeError carrying the parser's message. */
export const readFiles = async <T>(
  paths: readonly string[],
  suffix: string,
  parse: (text: string, file: string) => Result<T>,
): Promise<readonly T[]> => {
  const values: T[] = [];
  for (const file of await listFiles(paths, suffix)) {
    const parsed = parse(await readFile(file, 'utf8'), file);
    if (!parsed.ok) throw new EdgeError('bad-input', parsed.message);
    values.push(parsed.value);
  }
  return values;
};
