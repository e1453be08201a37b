import { findNodeAtLocation, parseTree, type Node, type ParseError } from 'jsonc-parser';
import type { Instant } from '@songxanh/core';
import { FileFault } from '../file-fault.ts';
import { lineAt } from './json-line.ts';
import { localMidnight } from './local-midnight.ts';

/** What `scenario.json` says beside a configuration, and what holds where it says nothing. */
export interface ScenarioSheet {
  readonly title: string;
  readonly timeZone: string;
  readonly midnight: Instant;
}

const DEFAULT_DATE = '2026-01-05';
const DEFAULT_ZONE = 'UTC';

/** Reads the text of a `scenario.json`; throws a `FileFault` where it is malformed. */
export const readSheet = (text: string, file: string, name: string): ScenarioSheet => {
  const faultOf = (offset: number, element: string, expected: string): FileFault =>
    new FileFault(`${file}:${String(lineAt(text, offset))}: ${element}expected ${expected}`);
  const errors: ParseError[] = [];
  const sheet = parseTree(text, errors, { disallowComments: true });
  const [error] = errors;
  if (error !== undefined) throw faultOf(error.offset, 'not JSON: ', '{"title": …, "timeZone": …, "date": …}');
  if (sheet?.type !== 'object') throw faultOf(sheet?.offset ?? 0, '', 'an object {"title": …, "timeZone": …, "date": …}');

  const nodeOf = (key: string): Node | undefined => findNodeAtLocation(sheet, [key]);
  const faultIn = (key: string, expected: string): FileFault => {
    const node = nodeOf(key);
    return faultOf(
      node?.offset ?? 0,
      `${key}${node === undefined ? '' : ` ${text.slice(node.offset, node.offset + node.length)}`}: `,
      expected,
    );
  };
  const member = (key: string, absent: string): string => {
    const value: unknown = nodeOf(key)?.value;
    if (nodeOf(key) !== undefined && typeof value !== 'string') throw faultIn(key, 'a text');
    return typeof value === 'string' ? value : absent;
  };
  const timeZone = member('timeZone', DEFAULT_ZONE);
  const midnight = localMidnight(member('date', DEFAULT_DATE), timeZone);
  if (localMidnight(DEFAULT_DATE, timeZone) === undefined) throw faultIn('timeZone', 'an IANA time zone, e.g. "Asia/Ho_Chi_Minh"');
  if (midnight === undefined) throw faultIn('date', 'a day as "yyyy-mm-dd"');
  return { title: member('title', name), timeZone, midnight };
};
