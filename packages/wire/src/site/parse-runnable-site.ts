import { refuse, type Result, type Site } from '@songxanh/core';
import { listSiteFaults } from './list-site-faults.ts';
import { parseSite } from './parse-site.ts';

/** A junction's file that may run as it is: what `songxanh site check` would find is refused, the first of it by name and number. */
export const parseRunnableSite = (source: unknown, file: string): Result<Site> => {
  const site = parseSite(source, file);
  if (!site.ok) return site;
  const [fault, ...more] = listSiteFaults(site.value, source, file);
  if (fault === undefined) return site;
  const others = more.length === 0 ? '' : ` (and ${String(more.length)} more: songxanh site check ${file})`;
  return refuse(fault.reason, `${fault.message}${others}`);
};
