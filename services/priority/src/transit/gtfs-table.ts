import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { EdgeError } from '@songxanh/platform';
import { parse } from 'csv-parse/sync';
import { unzipSync } from 'fflate';

/** A table of a GTFS feed; `line` counts from 1, the header included. */
export interface GtfsRow {
  readonly file: string;
  readonly line: number;
  readonly fields: Readonly<Record<string, string>>;
}

/** A feed of more than this is not a city's. */
const MOST_BYTES = 512 * 1024 * 1024;

/** File name → content, of a folder or a zip. */
export const readGtfsFiles = async (path: string): Promise<ReadonlyMap<string, string>> => {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new EdgeError('bad-input', `${path}: expected a GTFS feed, a folder or a zip, found nothing`);
  if (found.isDirectory()) {
    const names = (await readdir(path)).filter((name) => name.endsWith('.txt'));
    return new Map(
      await Promise.all(names.map(async (name): Promise<[string, string]> => [name, await readFile(join(path, name), 'utf8')])),
    );
  }
  if (found.size > MOST_BYTES)
    throw new EdgeError('bad-input', `${path}: ${String(found.size)} bytes: expected at most ${String(MOST_BYTES)}`);
  try {
    const files = unzipSync(await readFile(path), {
      filter: ({ name, originalSize }) => name.endsWith('.txt') && originalSize <= MOST_BYTES,
    });
    return new Map(Object.entries(files).map(([name, bytes]) => [basename(name), new TextDecoder().decode(bytes)]));
  } catch (error) {
    throw new EdgeError('bad-input', `${path}: ${(error as Error).message}: expected a GTFS folder or a zip`);
  }
};

/** Rows of one table; every column of `required` is there. */
export const readTable = (
  files: ReadonlyMap<string, string>,
  feed: string,
  name: string,
  required: readonly string[],
  optional = false,
): readonly GtfsRow[] => {
  const file = `${feed}/${name}`;
  const text = files.get(name);
  if (text === undefined) {
    if (optional) return [];
    throw new EdgeError('bad-input', `${file}: missing: expected a table with ${required.join(', ')}`);
  }
  let records: readonly { readonly record: Record<string, string>; readonly info: { readonly lines: number } }[];
  try {
    records = parse(text, { columns: true, bom: true, trim: true, skip_empty_lines: true, info: true }) as unknown as typeof records;
  } catch (error) {
    throw new EdgeError('bad-input', `${file}: ${(error as Error).message}`);
  }
  const first = records[0];
  for (const column of required)
    if (first !== undefined && !(column in first.record)) throw new EdgeError('bad-input', `${file}:1: column ${column} is missing`);
  return records.map(({ record, info }) => ({ file, line: info.lines, fields: record }));
};

/** A field that must be there and fit; anything else is told by file, line and column. */
export const fieldOf = <T>(row: GtfsRow, column: string, expected: string, read: (text: string) => T | undefined): T => {
  const text = row.fields[column] ?? '';
  const value = text === '' ? undefined : read(text);
  if (value === undefined)
    throw new EdgeError('bad-input', `${row.file}:${String(row.line)}: ${column} is ${JSON.stringify(text)}: expected ${expected}`);
  return value;
};
