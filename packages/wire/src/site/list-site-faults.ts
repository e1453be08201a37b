import { checkSite, refuse, type Refusal, type Site, type SiteFault } from '@songxanh/core';
import { lineFinder } from './locate.ts';

/** Members whose name in the file ends in the unit. */
const IN_SECONDS: ReadonlySet<string | number> = new Set([
  'minGreen',
  'maxGreen',
  'clearance',
  'intergreens',
  'cycle',
  'offset',
  'duration',
]);

/** Where the file has what the site has at this path. */
const pathInFile = ({ conflicts }: Site, at: SiteFault['at']): SiteFault['at'] => {
  const [list, index] = at;
  if (list !== 'conflicts' || typeof index !== 'number') return at.map((part) => (IN_SECONDS.has(part) ? `${part}S` : part));
  const hard = conflicts.filter(({ kind }) => kind === 'hard').length;
  return index < hard ? [list, 'hard', index] : [list, 'permissive', index - hard];
};

/** What `checkSite` finds in a junction's file, with file and, where `source` is its text, line. */
export const listSiteFaults = (site: Site, source: unknown, file: string): readonly Refusal[] => {
  const faults = checkSite(site);
  if (faults.length === 0 || typeof source !== 'string') return faults.map(({ reason, message }) => refuse(reason, `${file}: ${message}`));
  const lineOf = lineFinder(source);
  return faults.map(({ reason, message, at }) => refuse(reason, `${file}:${String(lineOf(pathInFile(site, at)))}: ${message}`));
};
