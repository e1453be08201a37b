import {
  accept,
  isGreen,
  type ControllerReport,
  type Instant,
  type JunctionId,
  type Override,
  type Trip,
  type VehicleType,
} from '@songxanh/core';
import { createLog } from '@songxanh/platform';
import { buildApp, openGeo, openStreetMap, pointAt, projectOn, type OverrideClient, type StreetRoute } from '@songxanh/priority';
import type { Scenario } from '@songxanh/sumo-files';
import { watchClearances } from './clearance-check.ts';
import { openCity, type City } from './city.ts';

export interface Halt {
  readonly junction: string;
  /** To its stop line. */
  readonly toM: number;
  /** How long the vehicle's group has been green; absent where it is not. */
  readonly greenS?: number;
}

/** One emergency vehicle over the corridor, with preemption and, as any other vehicle, without. */
export interface EmergencyRun {
  readonly seed: number;
  readonly vehicle: string;
  readonly inbound: boolean;
  readonly stops: number;
  readonly usualStops: number;
  /** Where and before what each stop with preemption was. */
  readonly halts: readonly Halt[];
  /** From departure until it is through the last junction; absent where it never was. */
  readonly tookS: number | undefined;
  readonly usualS: number | undefined;
  readonly breaches: number;
  /** Junctions it passed, and those of them whose queues were back in time. */
  readonly passed: number;
  readonly back: number;
  readonly notBack: readonly string[];
}

const ROUTES = ['W0_J1 J1_J2 J2_J3 J3_J4 J4_J5 J5_J6 J6_J7 J7_J8 J8_E9', 'E9_J8 J8_J7 J7_J6 J6_J5 J5_J4 J4_J3 J3_J2 J2_J1 J1_W0'].map(
  (way) => way.split(' '),
);
/** The dispatch system sends the call when the crew does: this long before the vehicle is on the street. */
const TURNOUT_S = 30;
/** Positions come so often and so late. */
const EVERY_S = 2;
const LATE_S = 2;
/** SUMO's own limit for a halt. */
const HALT_MPS = 0.1;
const BEHIND_M = 35;
/** The longest of the corridor's cycles; queues are compared by their means over one. */
const CYCLE_S = 120;
const CYCLES = 3;
/** A run that has not come through by then has failed. */
const LONGEST_S = 600;

const TYPE = 'emergency';
const emergencyType = (car: VehicleType): VehicleType => ({
  ...car,
  id: TYPE,
  vehicleClass: 'emergency',
  lengthM: 6.5,
  widthM: 2.16,
  persons: 2,
  pcu: 1.5,
});

const withVehicles = (scenario: Scenario, departs: readonly number[]): Scenario => {
  const { demand } = scenario;
  const bus = demand.trips.find(({ type }) => type === 'bus');
  const car = demand.types.get('car') ?? [...demand.types.values()].find(({ vehicleClass }) => vehicleClass === 'passenger');
  if (bus === undefined || car === undefined) throw new Error('the corridor has neither buses nor cars');
  const { line: itsLine, ...plain } = bus;
  if (itsLine === undefined) throw new Error('a bus of the corridor has no line');
  const added = departs.map((departS, i): Trip => ({
    ...plain,
    id: `ev.${String(i)}`,
    type: TYPE,
    departS,
    edges: ROUTES[i % 2]!,
    stops: [],
  }));
  return {
    ...scenario,
    demand: {
      ...demand,
      types: new Map([...demand.types, [TYPE, emergencyType(car)]]),
      trips: [...demand.trips, ...added].sort((a, b) => a.departS - b.departS),
    },
  };
};

interface Seen {
  stops: number;
  halted: boolean;
  distanceM: number;
  readonly passedS: Map<string, number>;
  endedS: number | undefined;
}

/** Follows one vehicle on its way. */
const follow = (route: StreetRoute, id: string) => {
  // It begins standing.
  const seen: Seen = { stops: 0, halted: true, distanceM: 0, passedS: new Map(), endedS: undefined };
  return {
    seen,
    see: ({ simulation }: City): { readonly x: number; readonly y: number } | undefined => {
      const { count, index, x, y, speed } = simulation.vehicles();
      for (let i = 0; i < count; i++) {
        if (simulation.vehicleId(index[i]!) !== id) continue;
        const { distanceM } = projectOn(route.line, [x[i]!, y[i]!], seen.distanceM - 1);
        seen.distanceM = Math.max(seen.distanceM, distanceM);
        const halts = speed[i]! < HALT_MPS && seen.endedS === undefined;
        if (halts && !seen.halted) seen.stops++;
        seen.halted = halts;
        for (const { junction, distanceM: line } of route.stopLines)
          if (distanceM >= line + BEHIND_M && !seen.passedS.has(junction)) seen.passedS.set(junction, simulation.nowS);
        if (seen.passedS.size === route.stopLines.length) seen.endedS ??= simulation.nowS;
        return { x: x[i]!, y: y[i]! };
      }
      return undefined;
    },
  };
};

/** Standing vehicles by junction, second by second. */
const countQueues = (scenario: Scenario) => {
  const junctionOf = new Map<string, JunctionId>(
    [...scenario.sites.values()].flatMap((site) => site.lanes.map(({ id }) => [id, site.id] as const)),
  );
  const counted = new Map<number, ReadonlyMap<string, number>>();
  return {
    counted,
    see: ({ simulation }: City): void => {
      const sums = new Map<string, number>();
      for (const { lane, standing } of simulation.queues()) {
        const junction = junctionOf.get(lane);
        if (junction !== undefined) sums.set(junction, (sums.get(junction) ?? 0) + standing);
      }
      counted.set(simulation.nowS, sums);
    },
  };
};

type Queues = ReadonlyMap<number, ReadonlyMap<string, number>>;

/** Mean queue of the cycle that ends at `endS`. */
const cycleMean = (queues: Queues, junction: string, endS: number): number => {
  let sum = 0;
  for (let s = endS - CYCLE_S + 1; s <= endS; s++) sum += queues.get(s)?.get(junction) ?? 0;
  return sum / CYCLE_S;
};

/** The queue of the third cycle behind the exit is no longer than 95 of 100 cycles of the paired run from ten minutes before the departure on. */
const isBack = (own: Queues, usual: Queues, junction: string, departS: number, exitS: number): boolean => {
  const endS = exitS + CYCLES * CYCLE_S;
  const means: number[] = [];
  for (let s = departS - 5 * CYCLE_S; s <= endS; s += 5) means.push(cycleMean(usual, junction, s));
  means.sort((a, b) => a - b);
  return cycleMean(own, junction, endS) <= means[Math.floor(0.95 * means.length)]!;
};

/** Sends a vehicle of `departs` (scenario seconds) at a time over the corridor and hands out each run. */
export const runEmergencies = async (
  corridor: Scenario,
  seed: number,
  departs: readonly number[],
  onRun: (run: EmergencyRun) => void,
): Promise<void> => {
  const scenario = withVehicles(corridor, departs);
  const sites = [...scenario.sites.values()];
  const geo = openGeo(scenario.network.location);
  const map = openStreetMap(scenario.network, scenario.sites);
  const routes = ROUTES.map((edges) => map.routeOver(edges));
  const base = openCity(scenario, seed);
  const usualQueues = countQueues(scenario);
  const usual = departs.map((_, i) => follow(routes[i % 2]!, `ev.${String(i)}`));
  const starts = new Map<number, City>();
  const due = new Map(departs.map((departS, i) => [departS - TURNOUT_S, i]));
  const lastS = Math.max(...departs) + LONGEST_S + CYCLES * CYCLE_S;
  while (base.simulation.nowS < lastS && !base.simulation.done) {
    const i = due.get(base.simulation.nowS);
    if (i !== undefined) starts.set(i, base.fork());
    base.step(new Map());
    usualQueues.see(base);
    for (const one of usual) one.see(base);
  }

  for (const [i, city] of starts) {
    const vehicle = `ev.${String(i)}`;
    const route = routes[i % 2]!;
    const departS = departs[i]!;
    const overrides = new Map<JunctionId, Override>();
    const client: OverrideClient = {
      give: (junction, override) => {
        overrides.set(junction, { ...override, id: `${vehicle} ${junction}` });
        return Promise.resolve(accept(vehicle));
      },
      release: (junction) => {
        overrides.delete(junction);
        return Promise.resolve(accept(true));
      },
    };
    const app = await buildApp({
      ...{ sites, network: scenario.network, timeZone: scenario.timeZone, rules: [], gtfs: undefined, graphHopper: undefined },
      ...{
        findClient: () => DISPATCH,
        store: undefined,
        overrides: client,
        wallMs: () => city.simulation.nowS * 1000,
        log: createLog('bench', 'silent'),
      },
    });
    const own = follow(route, vehicle);
    const queues = countQueues(scenario);
    const checks = new Map(sites.map((site) => [site.id, watchClearances(site)]));
    const place = (m: number) => geo.toLonLat(pointAt(route.line, m));
    const halts: Halt[] = [];
    const late: { readonly x: number; readonly y: number; readonly at: number }[] = [];
    let isSent = false;
    const isOver = (): boolean => {
      const { nowS } = city.simulation;
      const lastExitS = Math.max(departS, ...own.seen.passedS.values());
      return own.seen.endedS === undefined ? nowS >= departS + LONGEST_S : nowS >= lastExitS + CYCLES * CYCLE_S + 1;
    };
    while (!isOver() && !city.simulation.done) {
      const at = city.now();
      const reports = city.step(overrides);
      for (const [junction, report] of reports) {
        checks.get(junction)!.see(report.lamps, at);
        app.office.observe({ ...report, junction });
      }
      if (!isSent) {
        const payload = { vehicle, vehicleClass: 'fire', from: place(5), to: place(route.line.lengthM - 20) };
        const answer = await app.http.inject({ method: 'POST', url: '/api/priority/emergencies', payload });
        if (answer.statusCode !== 201) throw new Error(answer.body);
        isSent = true;
      }
      queues.see(city);
      const stopsBefore = own.seen.stops;
      const seen = own.see(city);
      if (own.seen.stops > stopsBefore) halts.push(haltBefore(route, own.seen.distanceM, reports, at));
      const { nowS } = city.simulation;
      if (seen !== undefined && nowS % EVERY_S === 0) late.push({ ...seen, at: nowS });
      const told = late.findLast((one) => nowS - one.at >= LATE_S);
      if (told !== undefined && nowS % EVERY_S === 0)
        app.takePositions(DISPATCH, [
          {
            ...{ vehicle, line: undefined, trip: undefined, persons: undefined, ...geo.toLonLat([told.x, told.y]) },
            at: (scenario.midnight + told.at * 1000) as ReturnType<City['now']>,
          },
        ]);
    }
    await app.http.close();
    const notBack = [...own.seen.passedS].flatMap(([junction, exitS]) =>
      isBack(queues.counted, usualQueues.counted, junction, departS, exitS) ? [] : [junction],
    );
    onRun({
      seed,
      vehicle,
      inbound: i % 2 === 0,
      stops: own.seen.stops,
      usualStops: usual[i]!.seen.stops,
      halts,
      tookS: own.seen.endedS === undefined ? undefined : own.seen.endedS - departS,
      usualS: usual[i]!.seen.endedS === undefined ? undefined : usual[i]!.seen.endedS - departS,
      breaches: [...checks.values()].reduce((total, check) => total + check.breaches(), 0),
      passed: own.seen.passedS.size,
      back: own.seen.passedS.size - notBack.length,
      notBack,
    });
  }
};

const haltBefore = (
  { stopLines }: StreetRoute,
  distanceM: number,
  reports: ReadonlyMap<JunctionId, ControllerReport>,
  now: Instant,
): Halt => {
  const line = stopLines.find((one) => one.distanceM > distanceM - 1) ?? stopLines.at(-1)!;
  const lamp = reports.get(line.junction)?.lamps.find(({ group }) => group === line.group);
  return {
    ...{ junction: line.junction, toM: Math.round(line.distanceM - distanceM) },
    ...(lamp !== undefined && isGreen(lamp.lamp) ? { greenS: Math.round((now - lamp.since) / 1000) } : {}),
  };
};

const DISPATCH = { name: 'dispatch', classes: ['fire'] } as const;
