import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { accept, refuse } from '@songxanh/core';
import type { Result } from '@songxanh/core';
import { SaxesParser } from 'saxes';
import { FileFault } from './file-fault.ts';

/** One start tag, with where it began. */
export interface Element {
  readonly file: string;
  readonly line: number;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Receives a document's tags in order; `finish` turns what was gathered into a value. */
export interface Gatherer<T> {
  readonly open: (element: Element) => void;
  readonly close?: (name: string) => void;
  readonly finish: () => T;
}

interface XmlReader {
  readonly write: (chunk: string) => void;
  readonly close: () => void;
}

const startReading = (file: string, roots: readonly string[], gatherer: Gatherer<unknown>): XmlReader => {
  const parser = new SaxesParser();
  const root = roots[0] ?? '';
  let line = 1;
  let depth = 0;
  const open: { readonly name: string; readonly line: number }[] = [];
  let closed: (typeof open)[number] | undefined;
  parser.on('error', (error) => {
    // The parser closes the element first and complains afterwards.
    if (error.message.includes('unexpected close tag') && closed !== undefined)
      throw new FileFault(
        `${file}:${String(parser.line)}: <${closed.name}> of line ${String(closed.line)} is not closed: expected </${closed.name}>`,
      );
    const inside = open.length > 0 ? ` inside <${open[open.length - 1]?.name ?? ''}>` : '';
    throw new FileFault(`${file}:${String(parser.line)}:${inside} ${error.message.replace(/^\d+:\d+: /, '')}`.replace(/: {2}/, ': '));
  });
  parser.on('opentagstart', () => {
    line = parser.line;
  });
  parser.on('opentag', (tag) => {
    const element: Element = { file, line, name: tag.name, attributes: tag.attributes };
    if (depth === 0 && !roots.includes(tag.name)) throw faultAt(element, `expected <${root}> as the root element`);
    depth += 1;
    open.push({ name: tag.name, line });
    gatherer.open(element);
  });
  parser.on('closetag', (tag) => {
    depth -= 1;
    closed = open.pop();
    gatherer.close?.(tag.name);
  });
  return {
    write: (chunk) => {
      parser.write(chunk);
    },
    close: () => {
      if (parser.line === 1 && parser.column === 0) throw new FileFault(`${file}:1: is empty: expected an XML file with root <${root}>`);
      parser.close();
    },
  };
};

/** Reads a file as a stream (gunzipped where its name ends in .gz). */
export const gatherFile = async <T>(file: string, roots: readonly string[], gatherer: Gatherer<T>): Promise<T> => {
  const reader = startReading(file, roots, gatherer);
  const bytes = createReadStream(file);
  const stream = file.endsWith('.gz') ? bytes.on('error', (error) => stream.destroy(error)).pipe(createGunzip()) : bytes;
  stream.setEncoding('utf8');
  try {
    for await (const chunk of stream) reader.write(chunk as string);
  } catch (error) {
    if (error instanceof FileFault) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new FileFault(`${file}: ${code === 'ENOENT' ? 'no such file' : message}: expected a readable <${roots[0] ?? ''}> file`);
  }
  reader.close();
  return gatherer.finish();
};

/** Reads a whole document that is already in memory. */
export const gatherText = <T>(text: string, file: string, roots: readonly string[], gatherer: Gatherer<T>): Result<T> => {
  try {
    const reader = startReading(file, roots, gatherer);
    reader.write(text);
    reader.close();
    return accept(gatherer.finish());
  } catch (error) {
    if (error instanceof FileFault) return refuse(error.code, error.message);
    throw error;
  }
};

export const faultAt = (element: Element, expected: string, attribute?: string): FileFault => {
  const value = attribute === undefined ? undefined : element.attributes[attribute];
  const id = element.attributes['id'];
  const shown =
    attribute === undefined || value === undefined
      ? id === undefined
        ? ''
        : ` id="${id}"`
      : attribute === 'id' || id === undefined
        ? ` ${attribute}="${value}"`
        : ` id="${id}" ${attribute}="${value}"`;
  return new FileFault(`${element.file}:${String(element.line)}: <${element.name}${shown}>: ${expected}`);
};

/** The attribute's text; its absence is a fault. */
export const textOf = (element: Element, attribute: string): string => {
  const value = element.attributes[attribute];
  if (value === undefined) throw faultAt(element, `expected an attribute ${attribute}`);
  return value;
};

export const toNumber = (element: Element, attribute: string, value: string): number => {
  const number = value.trim() === '' ? NaN : Number(value);
  if (!Number.isFinite(number)) throw faultAt(element, `expected a number in ${attribute}`, attribute);
  return number;
};

export const numberOf = (element: Element, attribute: string): number => toNumber(element, attribute, textOf(element, attribute));

export const numberOr = (element: Element, attribute: string, absent: number): number => {
  const value = element.attributes[attribute];
  return value === undefined ? absent : toNumber(element, attribute, value);
};

export const maybeNumber = (element: Element, attribute: string): number | undefined => {
  const value = element.attributes[attribute];
  return value === undefined ? undefined : toNumber(element, attribute, value);
};

/** Seconds, or SUMO's other notations h:mm:ss and d:hh:mm:ss. */
export const maybeSeconds = (element: Element, attribute: string): number | undefined => {
  const value = element.attributes[attribute];
  if (value === undefined) return undefined;
  if (!value.includes(':')) return toNumber(element, attribute, value);
  const parts = value.split(':').map((part) => toNumber(element, attribute, part));
  if (parts.length < 3 || parts.length > 4) throw faultAt(element, `expected seconds, h:mm:ss or d:hh:mm:ss in ${attribute}`, attribute);
  const [s = 0, min = 0, h = 0, d = 0] = parts.reverse();
  return ((d * 24 + h) * 60 + min) * 60 + s;
};

/** Whole number that is not negative: an index. */
export const indexOf = (element: Element, attribute: string): number => {
  const value = numberOf(element, attribute);
  if (!Number.isInteger(value) || value < 0) throw faultAt(element, `expected a whole number ≥ 0 in ${attribute}`, attribute);
  return value;
};

export const wordsOf = (text: string | undefined): string[] => (text ?? '').split(/\s+/).filter((word) => word !== '');

/** SUMO's file lists: separated by commas (and stray blanks). */
export const listOf = (text: string | undefined): string[] => (text ?? '').split(/[,\s]+/).filter((word) => word !== '');
