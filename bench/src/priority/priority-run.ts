import {
  adaptivePlanner,
  instant,
  planWithinMeasures,
  type ActiveRequest,
  type DetectorActuation,
  type Instant,
  type Planner,
  type PolicyRule,
  type Site,
} from '@songxanh/core';
import { openMicroStreet } from '@songxanh/micro';
import { createLog } from '@songxanh/platform';
import { buildApp, readGtfs, type PriorityApp } from '@songxanh/priority';
import type { Scenario } from '@songxanh/sumo-files';
import type { VehiclePosition } from '@songxanh/wire';
import { controlJunctions } from '../corridor/control-junctions.ts';
import { readJourneys } from '../corridor/micro-run.ts';
import type { Journey } from '../corridor/journeys.ts';
import { watchBuses, type BusTrip } from './bus-watch.ts';
import { busPatterns, GTFS } from './line.ts';

export interface PriorityRun {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly beginS: number;
  readonly endS: number;
  /** Undefined: nobody asks for the buses. */
  readonly rules: readonly PolicyRule[] | undefined;
  /** How late the buses' positions come. */
  readonly latencyS: number;
  readonly onRequests?: (junction: string, at: Instant, requests: readonly ActiveRequest[]) => void;
}

export interface PriorityRunResult {
  readonly buses: readonly BusTrip[];
  readonly journeys: readonly Journey[];
  readonly tally: ReturnType<PriorityApp['office']['tally']>;
}

/** The buses' operator tells their places this often. */
const EVERY_MS = 2000;
/** As the optimizer: a list that is older is nobody's request any more. */
const REQUEST_LIFE_MS = 8000;

/** One run of our simulator with the optimizer's and the priority service's own functions in one process, a second apart as between processes. */
export const runWithPriority = async (run: PriorityRun): Promise<PriorityRunResult> => {
  const { scenario, seed, beginS, endS, rules, latencyS } = run;
  const opened = openMicroStreet({ ...scenario, files: { ...scenario.files, beginS, endS } }, seed);
  if (!opened.ok) throw new Error(opened.message);
  const { simulation, begin, step } = opened.value;
  const lists = new Map<string, { readonly at: Instant; readonly requests: readonly ActiveRequest[] }>();
  const app = await buildApp({
    ...{ network: scenario.network, timeZone: scenario.timeZone, sites: [...scenario.sites.values()], gtfs: await readGtfs(GTFS) },
    ...{ rules: rules ?? [], graphHopper: undefined, store: undefined, overrides: undefined, wallMs: () => simulation.nowS * 1000 },
    findClient: () => FLEET,
    onRequests: ({ junction, at, requests }) => {
      lists.set(junction, { at, requests });
      run.onRequests?.(junction, at, requests);
    },
    log: createLog('bench', 'silent'),
  });
  const planner = (site: Site): Planner => {
    const search = adaptivePlanner();
    return (input) => {
      const list = lists.get(site.id);
      const asked = list === undefined || input.now - list.at > REQUEST_LIFE_MS ? [] : list.requests;
      const decision = planWithinMeasures(search, input, asked);
      // What it hears of this second counts from the next.
      if (rules !== undefined) app.office.observe({ ...input.signals, junction: site.id } as Parameters<typeof app.office.observe>[0]);
      return decision;
    };
  };
  const junctions = controlJunctions([...scenario.sites.values()], begin, { planner, sensing: 'detectors' });
  const watch = watchBuses(await busPatterns(scenario));
  const bus = simulation.types.indexOf('bus');
  let waiting: readonly VehiclePosition[] = [];
  const look = (now: Instant): void => {
    const { count, type, index, x, y, speed } = simulation.vehicles();
    for (let i = 0; i < count; i++) {
      if (type[i] !== bus) continue;
      const id = simulation.vehicleId(index[i]!);
      watch.see(id, [x[i]!, y[i]!], speed[i]!, simulation.nowS);
      if (now % EVERY_MS !== 0) continue;
      const place = app.geo.toLonLat([x[i]!, y[i]!]);
      waiting = [...waiting, { vehicle: id, line: undefined, trip: undefined, ...place, at: instant(now), persons: undefined }];
    }
    const isDue = ({ at }: VehiclePosition): boolean => now - at >= latencyS * 1000;
    if (rules !== undefined) app.takePositions(FLEET, waiting.filter(isDue));
    waiting = waiting.filter((position) => !isDue(position));
  };

  let now = begin;
  let inputs: ReadonlyMap<string, readonly DetectorActuation[]> = new Map();
  for (let ended = false; !ended;) {
    for (const { site, show } of junctions) simulation.setHeads(site.id, show({ now, actuations: inputs.get(site.id) ?? [] }));
    ({ now, inputs, ended } = step(new Map()));
    look(now);
    // A moment for whoever wants to end this process.
    if (now % 60_000 === 0) await new Promise(setImmediate);
  }
  const journeys = readJourneys(simulation, { scenario, sites: [], seed, beginS, endS });
  return { buses: watch.trips(), journeys, tally: app.office.tally() };
};

const FLEET = { name: 'street-fleet', classes: ['transit'] } as const;

/** The line's buses alone on the streets, every signal green for them: what is left are driving and stops. */
export const runFree = async ({
  scenario,
  seed,
  beginS,
  endS,
}: Pick<PriorityRun, 'scenario' | 'seed' | 'beginS' | 'endS'>): Promise<readonly BusTrip[]> => {
  const { demand } = scenario;
  const alone = { ...demand, trips: demand.trips.filter(({ type }) => type === 'bus'), walks: [] };
  const opened = openMicroStreet({ ...scenario, demand: alone, files: { ...scenario.files, beginS, endS } }, seed);
  if (!opened.ok) throw new Error(opened.message);
  const { simulation, step } = opened.value;
  const watch = watchBuses(await busPatterns(scenario));
  for (let ended = false; !ended;) {
    for (const signal of simulation.signals) simulation.setHeads(signal, 'G'.repeat(simulation.heads(signal).length));
    ({ ended } = step(new Map()));
    const { count, index, x, y, speed } = simulation.vehicles();
    for (let i = 0; i < count; i++) watch.see(simulation.vehicleId(index[i]!), [x[i]!, y[i]!], speed[i]!, simulation.nowS);
  }
  return watch.trips();
};
