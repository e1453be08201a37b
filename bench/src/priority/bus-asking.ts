import {
  adaptivePlanner,
  instant,
  planWithinMeasures,
  type ActiveRequest,
  type Instant,
  type Planner,
  type PolicyRule,
  type Site,
} from '@songxanh/core';
import { createLog } from '@songxanh/platform';
import { buildApp, readGtfs, type PriorityApp } from '@songxanh/priority';
import type { Scenario } from '@songxanh/sumo-files';
import type { VehiclePosition } from '@songxanh/wire';
import { watchBuses, type BusTrip } from './bus-watch.ts';
import { busPatterns, GTFS } from './line.ts';

/** A bus as a simulator shows it. */
export interface SeenBus {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly speedMps: number;
}

export interface BusAskingOptions {
  readonly scenario: Scenario;
  /** Undefined: nobody asks for the buses. */
  readonly rules: readonly PolicyRule[] | undefined;
  /** How late the buses' positions come. */
  readonly latencyS: number;
}

/** The optimizer's and the priority service's own functions in one process, a second apart as between processes. */
export interface BusAsking {
  readonly planner: (site: Site) => Planner;
  /** A second of the street has passed. */
  readonly see: (buses: readonly SeenBus[], now: Instant) => void;
  readonly trips: () => readonly BusTrip[];
  readonly tally: PriorityApp['office']['tally'];
}

const FLEET = { name: 'street-fleet', classes: ['transit'] } as const;
/** The buses' operator tells their places this often. */
const EVERY_MS = 2000;
/** As the optimizer: a list that is older is nobody's request any more. */
const REQUEST_LIFE_MS = 8000;

export const openBusAsking = async ({ scenario, rules, latencyS }: BusAskingOptions): Promise<BusAsking> => {
  const lists = new Map<string, { readonly at: Instant; readonly requests: readonly ActiveRequest[] }>();
  let seenMs = 0;
  const app = await buildApp({
    ...{ network: scenario.network, timeZone: scenario.timeZone, sites: [...scenario.sites.values()], gtfs: await readGtfs(GTFS) },
    ...{ rules: rules ?? [], graphHopper: undefined, store: undefined, overrides: undefined, wallMs: () => seenMs },
    findClient: () => FLEET,
    onRequests: ({ junction, at, requests }) => {
      lists.set(junction, { at, requests });
    },
    log: createLog('bench', 'silent'),
  });
  const watch = watchBuses(await busPatterns(scenario));
  let waiting: readonly VehiclePosition[] = [];
  return {
    planner: (site) => {
      const search = adaptivePlanner();
      return (input) => {
        const list = lists.get(site.id);
        const asked = list === undefined || input.now - list.at > REQUEST_LIFE_MS ? [] : list.requests;
        const decision = planWithinMeasures(search, input, asked);
        // What it hears of this second counts from the next.
        if (rules !== undefined) app.office.observe({ ...input.signals, junction: site.id } as Parameters<typeof app.office.observe>[0]);
        return decision;
      };
    },
    see: (buses, now) => {
      seenMs = now - scenario.midnight;
      for (const { id, x, y, speedMps } of buses) {
        watch.see(id, [x, y], speedMps, seenMs / 1000);
        if (now % EVERY_MS !== 0) continue;
        const place = app.geo.toLonLat([x, y]);
        waiting = [...waiting, { vehicle: id, line: undefined, trip: undefined, ...place, at: instant(now), persons: undefined }];
      }
      const isDue = ({ at }: VehiclePosition): boolean => now - at >= latencyS * 1000;
      if (rules !== undefined) app.takePositions(FLEET, waiting.filter(isDue));
      waiting = waiting.filter((position) => !isDue(position));
    },
    trips: watch.trips,
    tally: app.office.tally,
  };
};
