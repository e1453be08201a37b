/** One run of our own engine in a process of its own: `run-micro.js NET ROUTES END SEED` prints a MeasuredRun. */
import { createSimulation, keepHeapSmall } from '@songxanh/micro';
import { readNetwork, readRoutes } from '@songxanh/sumo-files';
import type { MeasuredRun } from './measured-run.ts';

const [net, routes, end, seed] = process.argv.slice(2);
if (net === undefined || routes === undefined) throw new Error('expected NET ROUTES END SEED');
keepHeapSmall();
const network = await readNetwork(net);
const demand = await readRoutes([routes], network);
const made = createSimulation({ network, demand, beginS: 0, endS: Number(end), seed: Number(seed) });
if (!made.ok) throw new Error(made.message);
const simulation = made.value;
const begun = process.cpuUsage();
simulation.run();
const { user, system } = process.cpuUsage(begun);
const { vehicleSeconds, arrived } = simulation.kpis();
const run: MeasuredRun = {
  vehicleSeconds,
  arrived,
  meanDurationS: simulation.summary().meanTravelTimeS,
  cpuS: (user + system) / 1e6,
  memoryMb: process.resourceUsage().maxRSS / 1024,
};
process.stdout.write(`${JSON.stringify(run)}\n`);
