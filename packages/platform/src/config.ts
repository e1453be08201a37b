import { parseArgs } from 'node:util';
import { EdgeError } from './errors.ts';

/** How one setting is written: `parse` gives its value, or undefined when the text is not what `expected` says. */
export interface Setting<T> {
  readonly expected: string;
  readonly parse: (text: string) => T | undefined;
  readonly fallback?: T;
}

type Settings = Readonly<Record<string, Setting<unknown>>>;
export type Config<S extends Settings> = { readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never };

const withFallback = <T>(setting: Setting<T>, fallback: T | undefined): Setting<T> =>
  fallback === undefined ? setting : { ...setting, fallback };

/** Any text that is not empty. */
export const text = (fallback?: string): Setting<string> => withFallback({ expected: 'some text', parse: (t) => t }, fallback);

/** A setting that may be left out. */
export const optionalText = (): Setting<string | undefined> => ({ expected: 'some text', parse: (t) => t, fallback: undefined });

/** A number from `min` to `max`. */
export const numeric = (
  range: { readonly min: number; readonly max: number; readonly whole?: boolean },
  fallback?: number,
): Setting<number> =>
  withFallback(
    {
      expected: `a ${range.whole === true ? 'whole ' : ''}number from ${String(range.min)} to ${String(range.max)}`,
      parse: (t) => {
        const n = Number(t);
        return t.trim() !== '' && n >= range.min && n <= range.max && (range.whole !== true || Number.isInteger(n)) ? n : undefined;
      },
    },
    fallback,
  );

export const choice = <const T extends string>(options: readonly T[], fallback?: NoInfer<T>): Setting<T> =>
  withFallback({ expected: `one of ${options.join(', ')}`, parse: (t) => options.find((o) => o === t) }, fallback);

/** `host:port`; port 0 takes a free one. */
export const address = (fallback?: string): Setting<string> =>
  withFallback(
    {
      expected: 'host:port',
      parse: (t) => {
        const port = /^[^\s:]+:(\d{1,5})$|^\[[0-9a-fA-F:]+\]:(\d{1,5})$/.exec(t);
        return port !== null && Number(port[1] ?? port[2]) <= 65_535 ? t : undefined;
      },
    },
    fallback,
  );

export const optionalAddress = (): Setting<string | undefined> => ({ ...address(), fallback: undefined });

/** Comma-separated names. */
export const list = (fallback?: readonly string[]): Setting<readonly string[]> =>
  withFallback(
    {
      expected: 'names separated by commas',
      parse: (t) => {
        const names = t.split(',').map((s) => s.trim());
        return names.every((n) => n !== '') ? names : undefined;
      },
    },
    fallback,
  );

/** A simulation's pace: 1 is real time, `max` as fast as it goes. */
export const speed = (fallback?: number): Setting<number> =>
  withFallback(
    {
      expected: 'a number above 0, or max',
      parse: (t) => (t === 'max' ? Infinity : Number(t) > 0 ? Number(t) : undefined),
    },
    fallback,
  );

const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;
const variableOf = (name: string): string => `SONGXANH_${flagOf(name).slice(2).replaceAll('-', '_').toUpperCase()}`;

/**
 * Settings from flags (`--poll-interval 5`), then the environment (`SONGXANH_POLL_INTERVAL`), then fallbacks.
 * Throws one `bad-config` EdgeError that names the setting, what was found and what was expected.
 */
export const readConfig = <S extends Settings>(
  settings: S,
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Config<S> => {
  const names = Object.keys(settings);
  const options = Object.fromEntries(names.map((name) => [flagOf(name).slice(2), { type: 'string' as const }]));
  let flags: Readonly<Record<string, unknown>>;
  try {
    flags = parseArgs({ args: [...argv], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new EdgeError('bad-config', `${(error as Error).message.split('. ')[0] ?? ''}; known flags: ${names.map(flagOf).join(' ')}`);
  }
  const entries = Object.entries(settings).map(([name, setting]) => {
    const flag = flagOf(name);
    const fromFlag = flags[flag.slice(2)] as string | undefined;
    const found = fromFlag ?? env[variableOf(name)];
    const where = fromFlag === undefined ? variableOf(name) : flag;
    if (found === undefined || found === '') {
      if ('fallback' in setting) return [name, setting.fallback];
      throw new EdgeError('bad-config', `${flag} (or ${variableOf(name)}) is missing: expected ${setting.expected}`);
    }
    const value = setting.parse(found);
    if (value === undefined) throw new EdgeError('bad-config', `${where} is "${found}": expected ${setting.expected}`);
    return [name, value];
  });
  return Object.fromEntries(entries) as Config<S>;
};
