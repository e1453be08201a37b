/**
 * Reads what a run has written (`--signal-log`, `--countdown-log`) and the site files beside it. It shares no code with the controller,
 * the monitor or packages/wire: a mistake there must not be repeated here.
 */
import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface GroupFile {
  readonly id: string;
  readonly kind: string;
  readonly heads: readonly number[];
  readonly minGreenS: number;
  readonly clearanceS: number;
  readonly countdown: { readonly green: 'none' | 'tail' | 'full'; readonly red: 'none' | 'tail' | 'full'; readonly tailS?: number };
}

export interface SiteFile {
  readonly id: string;
  readonly timeZone: string;
  readonly groups: readonly GroupFile[];
  readonly conflicts: { readonly hard: readonly (readonly [string, string])[] };
  /** From the end of one group's green to the begin of the other's. */
  readonly intergreensS: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly stages: readonly { readonly id: string; readonly green: readonly string[] }[];
  readonly plans: readonly {
    readonly name: string;
    readonly cycleS: number;
    readonly offsetS: number;
    readonly splits: readonly { readonly stage: string; readonly durationS: number }[];
  }[];
}

export const readSites = (folder: string): ReadonlyMap<string, SiteFile> =>
  new Map(
    readdirSync(folder)
      .filter((file) => file.endsWith('.site.json'))
      .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as SiteFile)
      .map((site) => [site.id, site]),
  );

/** Lines of a log with three columns, without its header. */
export const readLog = async function* (file: string): AsyncGenerator<readonly [number, string, string]> {
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (line === '' || line.startsWith('time_ms')) continue;
    const [time = '', name = '', value = ''] = line.split(',');
    yield [Number(time), name, value];
  }
};

export const isGo = (letter: string | undefined): boolean => letter === 'G' || letter === 'g';
/** f/F: flashing by the start-up, the night plan, the monitor or for want of an agent. */
export const isFlash = (heads: string): boolean => /[fF]/.test(heads);
