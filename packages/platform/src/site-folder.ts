import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Result, Site } from '@songxanh/core';
import { EdgeError } from './errors.ts';

const SUFFIX = '.site.json';

/** All site files of a folder, in order of file name. Throws one `bad-input` EdgeError for a folder without sites and for the first bad file. */
export const readSiteFolder = (folder: string, parse: (text: string, file: string) => Result<Site>): readonly Site[] => {
  let names: readonly string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith(SUFFIX));
  } catch (error) {
    throw new EdgeError('bad-input', `${folder}: expected a folder of *${SUFFIX} files (${(error as Error).message})`);
  }
  if (names.length === 0) throw new EdgeError('bad-input', `${folder}: expected at least one *${SUFFIX} file`);
  return [...names].sort().map((name) => {
    const file = join(folder, name);
    const site = parse(readFileSync(file, 'utf8'), file);
    if (!site.ok) throw new EdgeError('bad-input', site.message);
    return site.value;
  });
};
