import type { DetectorActuation } from '@songxanh/core';
import { openMicroStreet, type Simulation } from '@songxanh/micro';
import { controlJunctions } from '../corridor/control-junctions.ts';
import { readJourneys } from '../corridor/micro-run.ts';
import type { Journey } from '../corridor/journeys.ts';
import { openBusAsking, type BusAsking, type BusAskingOptions, type SeenBus } from './bus-asking.ts';
import { watchBuses, type BusTrip } from './bus-watch.ts';
import { busPatterns } from './line.ts';

export interface PriorityRun extends BusAskingOptions {
  readonly seed: number;
  readonly beginS: number;
  readonly endS: number;
}

export interface PriorityRunResult {
  readonly buses: readonly BusTrip[];
  readonly journeys: readonly Journey[];
  readonly tally: ReturnType<BusAsking['tally']>;
}

const busesOf = (simulation: Simulation): readonly SeenBus[] => {
  const bus = simulation.types.indexOf('bus');
  const { count, type, index, x, y, speed } = simulation.vehicles();
  const buses: SeenBus[] = [];
  for (let i = 0; i < count; i++)
    if (type[i] === bus) buses.push({ id: simulation.vehicleId(index[i]!), x: x[i]!, y: y[i]!, speedMps: speed[i]! });
  return buses;
};

/** One run of our simulator. */
export const runWithPriority = async (run: PriorityRun): Promise<PriorityRunResult> => {
  const { scenario, seed, beginS, endS } = run;
  const opened = openMicroStreet({ ...scenario, files: { ...scenario.files, beginS, endS } }, seed);
  if (!opened.ok) throw new Error(opened.message);
  const { simulation, begin, step } = opened.value;
  const asking = await openBusAsking(run);
  const junctions = controlJunctions([...scenario.sites.values()], begin, { planner: asking.planner, sensing: 'detectors' });
  let now = begin;
  let inputs: ReadonlyMap<string, readonly DetectorActuation[]> = new Map();
  for (let ended = false; !ended;) {
    for (const { site, show } of junctions) simulation.setHeads(site.id, show({ now, actuations: inputs.get(site.id) ?? [] }));
    ({ now, inputs, ended } = step(new Map()));
    asking.see(busesOf(simulation), now);
    // A moment for whoever wants to end this process.
    if (now % 60_000 === 0) await new Promise(setImmediate);
  }
  const journeys = readJourneys(simulation, { scenario, sites: [], seed, beginS, endS });
  return { buses: asking.trips(), journeys, tally: asking.tally() };
};

export type FreeRun = Pick<PriorityRun, 'scenario' | 'seed' | 'beginS' | 'endS'>;

/** The line's buses alone on the streets, every signal green for them: what is left are driving and stops. */
export const runFree = async ({ scenario, seed, beginS, endS }: FreeRun): Promise<readonly BusTrip[]> => {
  const { demand } = scenario;
  const alone = { ...demand, trips: demand.trips.filter(({ type }) => type === 'bus'), walks: [] };
  const opened = openMicroStreet({ ...scenario, demand: alone, files: { ...scenario.files, beginS, endS } }, seed);
  if (!opened.ok) throw new Error(opened.message);
  const { simulation, step } = opened.value;
  const watch = watchBuses(await busPatterns(scenario));
  for (let ended = false; !ended;) {
    for (const signal of simulation.signals) simulation.setHeads(signal, 'G'.repeat(simulation.heads(signal).length));
    ({ ended } = step(new Map()));
    for (const { id, x, y, speedMps } of busesOf(simulation)) watch.see(id, [x, y], speedMps, simulation.nowS);
  }
  return watch.trips();
};
