import { UsageFault } from '../usage-fault.ts';

/** Options of a `.sumocfg` that mean the same here, or that only concern what SUMO prints. */
const KNOWN = new Set([
  ...[
    'net-file',
    'route-files',
    'additional-files',
    'begin',
    'end',
    'seed',
    'step-length',
    'lateral-resolution',
    'ignore-junction-blocker',
  ],
  ...['no-step-log', 'no-warnings', 'verbose', 'duration-log.statistics', 'xml-validation', 'xml-validation.net', 'xml-validation.routes'],
  ...['tripinfo-output.write-unfinished', 'n', 'r', 'a', 'b', 'e', 'net', 'route-file', 'additional'],
]);

/** Options that the engine has with some values only, and what it expects. */
const LIMITED: Readonly<Record<string, readonly [accepts: (value: string) => boolean, expected: string]>> = {
  'time-to-teleport': [(value) => Number(value) <= 0, '-1: nobody is teleported here'],
  'collision.action': [(value) => value === 'none' || value === 'warn', '"none" or "warn": vehicles never overlap here'],
  'default.carfollowmodel': [(value) => value === 'Krauss', '"Krauss": other models belong into a vType'],
};

/** Refuses by name what SUMO would do on the word of a `.sumocfg` and this engine does not. */
export const refuseUnknownOptions = (file: string, text: string): void => {
  const plain = text.replace(/<!--[\s\S]*?-->/g, (comment) => comment.replace(/[^\n]/g, ' '));
  for (const match of plain.matchAll(/<([\w.-]+)\s+(?:value|v)\s*=\s*["']([^"']*)/g)) {
    const [, name = '', value = ''] = match;
    const place = `${file}:${String(plain.slice(0, match.index).split('\n').length)}: <${name}>`;
    const limited = LIMITED[name];
    if (limited !== undefined) {
      const [accepts, expected] = limited;
      if (!accepts(value)) throw new UsageFault(`${place}: "${value}": expected ${expected}`);
    } else if (!KNOWN.has(name)) throw new UsageFault(`${place}: this engine does not have SUMO's option`);
  }
};
