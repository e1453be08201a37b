// Builds every file of this scenario: node scenarios/corridor/build.mjs (needs SUMO's netconvert).
import { build } from '../lib/build.mjs';
import { writeGtfs } from '../lib/gtfs.mjs';
import { weekOf } from '../lib/schedule.mjs';
import { demand } from './demand.mjs';
import { streets } from './streets.mjs';

const timing = {
  // Inbound wave at 40 km/h, a little under the limit.
  progressionMps: 11.1,
  // `slice`: the quarter hour the splits are made for.
  plans: [
    { name: 'am-peak', cycleS: 120, slice: 3 },
    { name: 'off-peak', cycleS: 100, slice: 10 },
    { name: 'pm-peak', cycleS: 120, slice: 8 },
  ],
  schedule: weekOf({ peak: 'am-peak', offPeak: 'off-peak', evening: 'pm-peak' }),
};

for (const line of build({ dir: import.meta.dirname, name: 'corridor', streets, demand, timing })) console.log(line);
// 25 km/h between stops: what the line reaches in the peak.
writeGtfs(import.meta.dirname, streets, demand, { agency: 'Xe buýt Sóng Xanh', url: 'https://example.org/', speedMps: 7 });
