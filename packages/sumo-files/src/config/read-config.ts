import { dirname, resolve } from 'node:path';
import { FileFault } from '../file-fault.ts';
import { faultAt, gatherFile, listOf, maybeNumber, maybeSeconds, textOf } from '../xml.ts';
import type { Element, Gatherer } from '../xml.ts';

/** What a `.sumocfg` says, with paths resolved against its folder. */
export interface ScenarioFiles {
  readonly net: string;
  readonly routes: readonly string[];
  readonly additional: readonly string[];
  readonly beginS: number;
  /** Infinity: until the last vehicle has arrived. */
  readonly endS: number;
  readonly stepLengthS: number;
  /** Present: the sublane model with slots of this width. */
  readonly lateralResolutionM?: number;
  /** Negative or absent: never. SUMO's own default is 300 s. */
  readonly timeToTeleportS?: number;
  /** Who stands inside a junction this long is no longer given way to; absent: never. */
  readonly ignoreJunctionBlockerS?: number;
  readonly seed?: number;
}

const gatherConfig = (file: string): Gatherer<ScenarioFiles> => {
  const values = new Map<string, Element>();
  const number = (name: string): number | undefined => {
    const element = values.get(name);
    return element && maybeNumber(element, 'value');
  };
  const time = (name: string): number | undefined => {
    const element = values.get(name);
    return element && maybeSeconds(element, 'value');
  };
  const paths = (...names: readonly string[]): string[] =>
    names.flatMap((name) => listOf(values.get(name)?.attributes['value'])).map((path) => resolve(dirname(file), path));

  const finish = (): ScenarioFiles => {
    const [net, ...others] = paths('net-file', 'n', 'net');
    if (net === undefined) throw new FileFault(`${file}: expected <input> with a <net-file value="…"/>`);
    if (others.length > 0) throw new FileFault(`${file}: expected one net-file, not ${String(others.length + 1)}`);
    const end = time('end') ?? time('e') ?? -1;
    const begin = values.get('begin');
    const beginS = time('begin') ?? time('b') ?? 0;
    const stepLengthS = time('step-length') ?? 1;
    if (end >= 0 && end <= beginS && begin !== undefined)
      throw faultAt(begin, `expected a begin before the end (${String(end)} s)`, 'value');
    const step = values.get('step-length');
    if (!(stepLengthS > 0) && step !== undefined) throw faultAt(step, 'expected seconds > 0', 'value');
    const lateralResolutionM = number('lateral-resolution');
    const timeToTeleportS = time('time-to-teleport');
    const ignoreJunctionBlockerS = time('ignore-junction-blocker');
    const seed = number('seed');
    return {
      net,
      routes: paths('route-files', 'r', 'route-file'),
      additional: paths('additional-files', 'a', 'additional'),
      beginS,
      endS: end < 0 ? Infinity : end,
      stepLengthS,
      ...(lateralResolutionM === undefined || lateralResolutionM <= 0 ? {} : { lateralResolutionM }),
      ...(timeToTeleportS === undefined ? {} : { timeToTeleportS }),
      ...(ignoreJunctionBlockerS === undefined || ignoreJunctionBlockerS < 0 ? {} : { ignoreJunctionBlockerS }),
      ...(seed === undefined ? {} : { seed }),
    };
  };
  // Options are leaves with a value; sections (input, time, …) group them for people only.
  const open = (element: Element): void => {
    if (element.attributes['value'] !== undefined) values.set(element.name, element);
    else if (element.attributes['v'] !== undefined) values.set(element.name, { ...element, attributes: { value: textOf(element, 'v') } });
  };
  return { open, finish };
};

/** Reads a `.sumocfg`. */
export const readConfig = (file: string): Promise<ScenarioFiles> =>
  gatherFile(file, ['configuration', 'sumoConfiguration'], gatherConfig(file));
