import { join } from 'node:path';
import type { Scenario } from '@songxanh/sumo-files';
import { layLines, openGeo, openStreetMap, readGtfs, type Pattern } from '@songxanh/priority';
import { CORRIDOR } from '../corridor/corridor.ts';

export const GTFS = join(CORRIDOR, '../gtfs');

/** The corridor's bus line on its streets, both directions. */
export const busPatterns = async ({ network, sites }: Scenario): Promise<readonly Pattern[]> =>
  layLines(await readGtfs(GTFS), openStreetMap(network, sites), openGeo(network.location)).patterns;
