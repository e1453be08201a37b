import { parseSite } from '@songxanh/wire';
import { loadScenario, type Scenario } from '@songxanh/sumo-files';
import { resolve } from 'node:path';

export const CORRIDOR = resolve(import.meta.dirname, '../../../scenarios/corridor/corridor.sumocfg');

/** The corridor with its frozen demand; `seed` draws flows and drivers. */
export const loadCorridor = (seed: number): Promise<Scenario> => loadScenario(CORRIDOR, { parseSite, seed });
