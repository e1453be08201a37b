// Builds every file of this scenario: node scenarios/one-junction/build.mjs (needs SUMO's netconvert).
import { build } from '../lib/build.mjs';
import { weekOf } from '../lib/schedule.mjs';
import { demand } from './demand.mjs';
import { streets } from './streets.mjs';

const timing = {
  progressionMps: 11.1,
  plans: [
    { name: 'peak', cycleS: 100, slice: 1 },
    { name: 'off-peak', cycleS: 90, slice: 0 },
  ],
  schedule: weekOf({ peak: 'peak', offPeak: 'off-peak', evening: 'peak' }),
};

for (const line of build({ dir: import.meta.dirname, name: 'one-junction', streets, demand, timing })) console.log(line);
