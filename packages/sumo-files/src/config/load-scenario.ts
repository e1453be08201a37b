import { readFile, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { junctionId } from '@songxanh/core';
import type { Instant, JunctionId, Network, Result, Site, StreetFurniture, TrafficDemand } from '@songxanh/core';
import { readAdditional } from '../additional/read-additional.ts';
import { placeDetectors } from '../detectors/place-detectors.ts';
import { FileFault } from '../file-fault.ts';
import { readNetwork } from '../network/parse-network.ts';
import { readRoutes } from '../routes/read-routes.ts';
import { deriveSite } from '../site/derive-site.ts';
import type { SiteOptions } from '../site/derive-site.ts';
import { lineOfMember } from './json-line.ts';
import { readConfig } from './read-config.ts';
import type { ScenarioFiles } from './read-config.ts';
import { readSheet } from './read-sheet.ts';

export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly timeZone: string;
  /** Scenario second 0. */
  readonly midnight: Instant;
  readonly files: ScenarioFiles;
  readonly network: Network;
  readonly demand: TrafficDemand;
  /** With loops placed for signals that have none in the files. */
  readonly furniture: StreetFurniture;
  /** Loops of `furniture` that no file has: SUMO must be told of them. */
  readonly placedDetectors: StreetFurniture['detectors'];
  readonly sites: ReadonlyMap<JunctionId, Site>;
  /** Junctions whose site was derived, not read. */
  readonly derived: ReadonlySet<JunctionId>;
}

export interface ScenarioOptions {
  /** Reads a `.site.json` (`parseSite` of packages/wire). */
  readonly parseSite: (text: string, file: string) => Result<Site>;
  readonly seed?: number;
  readonly site?: SiteOptions;
}

const readIfThere = async (file: string): Promise<string | undefined> => {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new FileFault(`${file}: ${(error as Error).message}: expected a readable file`);
  }
};

const readSites = async (folder: string, network: Network, parse: ScenarioOptions['parseSite']): Promise<Map<JunctionId, Site>> => {
  const sites = new Map<JunctionId, Site>();
  const names = await readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new FileFault(`${folder}: ${(error as Error).message}: expected a readable folder`);
  });
  for (const name of names.filter((entry) => entry.endsWith('.site.json')).sort()) {
    const file = join(folder, name);
    const text = await readFile(file, 'utf8');
    const parsed = parse(text, file);
    if (!parsed.ok) throw new FileFault(parsed.message);
    const site = parsed.value;
    const program = network.programs.get(site.id);
    if (program === undefined)
      throw new FileFault(`${file}:${String(lineOfMember(text, 'id'))}: id "${site.id}": expected a signal of the network`);
    const headCount = program.intervals[0]?.state.length ?? 0;
    if (site.headCount !== headCount)
      throw new FileFault(
        `${file}:${String(lineOfMember(text, 'headCount', 'groups'))}: ${String(site.headCount)} heads: expected ${String(headCount)}, the links of signal ${site.id}`,
      );
    sites.set(site.id, site);
  }
  return sites;
};

/** Loops for signals none of whose stop lanes has a detector in the files. */
const placeMissing = (network: Network, furniture: StreetFurniture, signals: readonly string[]): StreetFurniture['detectors'] => {
  const placed = placeDetectors(network, signals);
  const known = new Set(furniture.detectors.flatMap(({ id, lane }) => [id, lane]));
  return placed.filter(({ id }) => !known.has(id)).filter(({ id }) => !known.has(id.replace(/_(stop|up)$/, '')));
};

/** A whole scenario: the files a `.sumocfg` names, `scenario.json` and `sites/` beside it, and what is derived where they say nothing. */
export const loadScenario = async (source: string | ScenarioFiles, { parseSite, seed, site }: ScenarioOptions): Promise<Scenario> => {
  const files = typeof source === 'string' ? await readConfig(source) : source;
  const folder = dirname(typeof source === 'string' ? source : files.net);
  const name = basename(typeof source === 'string' ? source : files.net).replace(/\.(sumocfg|net\.xml|net\.xml\.gz)$/, '');
  const sheetFile = join(folder, 'scenario.json');
  const sheet = readSheet((await readIfThere(sheetFile)) ?? '{}', sheetFile, name);
  const network = await readNetwork(files.net);
  const given = await readAdditional(files.additional, network);
  const demand = await readRoutes([...files.additional, ...files.routes], network, {
    busStops: given.busStops,
    ...(seed === undefined ? {} : { seed }),
  });

  const sites = await readSites(join(folder, 'sites'), network, parseSite);
  const missing = [...network.programs.keys()].filter((id) => !sites.has(junctionId(id)));
  const placedDetectors = placeMissing(network, given, missing);
  const furniture = { ...given, detectors: [...given.detectors, ...placedDetectors] };
  for (const id of missing) sites.set(junctionId(id), deriveSite(network, id, furniture, { timeZone: sheet.timeZone, ...site }));
  return { name, ...sheet, files, network, demand, furniture, placedDetectors, sites, derived: new Set(missing.map(junctionId)) };
};
