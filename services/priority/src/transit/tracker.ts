import {
  accept,
  after,
  arrivalInterval,
  arrivalTrust,
  FIRST_PACE,
  FIRST_STAY,
  headwayRatio,
  headwayVariation,
  latenessAt,
  learnPace,
  learnStay,
  milliseconds,
  refuse,
  scheduledHeadway,
  seconds,
  type ArrivalInterval,
  type Duration,
  type Instant,
  type Pace,
  type Passage,
  type Point,
  type Result,
  type RouteStopLine,
  type ServiceStanding,
  type Stay,
} from '@songxanh/core';
import type { VehiclePosition } from '@songxanh/wire';
import type { Geo } from '../street/geo.ts';
import { projectOn } from '../street/polyline.ts';
import { serviceDay, type Gtfs } from './gtfs-static.ts';
import { scheduleOf, type Lines, type Pattern, type PatternStop } from './lines.ts';

/** Further from the line's way a position is not the line's vehicle: GPS between high houses errs by some 20 m, and a lane lies beside the middle. */
const OFF_STREET_M = 60;
const POSITION_ERROR_M = 15;
/** A clock may be this far ahead. */
const CLOCK_AHEAD = seconds(5);
/** An older position tells nothing that a plan could use. */
const OLDEST = seconds(120);
/** No bus is faster between two positions. */
const FASTEST_MPS = 35;
/** A vehicle this far behind where it was has been matched wrongly, or drives another trip. */
const BACKWARDS_M = 80;
/** Arrivals are told this far ahead: what a plan can still use. */
const FORESIGHT = seconds(100);
/** How long a signal on the way may hold a bus where its plan does not tell: a red of a cycle of some 100 s. */
const LONGEST_HOLD = seconds(60);
/** Within this a vehicle stands at its stop. */
const AT_STOP_M = 25;
/** Where the timetable says nothing, a stop takes between these. */
const DWELL = { shortest: seconds(5), longest: seconds(40) };
/** What braking for a stop and starting from it cost beside the stay (SUMO's bus at 50 km/h: 7 s), and starting alone; part of it is seen as stay. */
const STOP_LOSS = seconds(4);
const START_LOSS = seconds(3);
/** Below this it stands (5 km/h, SUMO's queues). */
const STANDS_MPS = 5 / 3.6;
/** Who is this slow beside its stop is about to stand there (7 m of braking at 1.5 m/s²). */
const CALLS_MPS = 5;
/** The street's free speed is read over at least this much way before a stop line. */
const SPEED_OVER_M = 50;
/** The last metres before a stop line may be driven as a queue discharges: at this part of the free speed. */
const DISCHARGE_ZONE_M = 60;
const DISCHARGE_SPEED_SHARE = 0.55;
const queueDrag = ({ distanceM, freeSpeedMps }: { readonly distanceM: number; readonly freeSpeedMps: number }): Duration =>
  milliseconds((1000 * Math.min(DISCHARGE_ZONE_M, Math.max(0, distanceM)) * (1 / DISCHARGE_SPEED_SHARE - 1)) / freeSpeedMps);
/** Positions must come at least this often to tell how long a vehicle stayed, and how fast it goes. */
const SEEN_EVERY = seconds(5);
/** The pace is learned over at least this much way: over a few metres it is only the present speed. */
const PACE_OVER_M = 60;
/** A vehicle that nobody has heard of for this long is gone. */
const FORGOTTEN = seconds(600);
/** A reference bus load where nobody counts. */
const PERSONS = 25;
const PASSAGES_KEPT = 40;

/** One vehicle of a line on its way. */
export interface TrackedVehicle {
  readonly vehicle: string;
  /** Which client tells of it. */
  readonly client: string;
  readonly pattern: Pattern;
  readonly trip: string | undefined;
  readonly distanceM: number;
  readonly observedAt: Instant;
  /** Over the last piece of its way, where it was seen often enough. */
  readonly speedMps: number | undefined;
  readonly pace: Pace;
  /** Where the way without stop or signal began that it is driving. */
  readonly clearFrom: { readonly distanceM: number; readonly at: Instant; readonly speedMps: number | undefined } | undefined;
  readonly persons: number;
  readonly standing: ServiceStanding;
  /** Where it stands at a stop: since when. */
  readonly stoppedSince: Instant | undefined;
  /** Place of the last stop that it was seen to leave. */
  readonly leftStopM: number | undefined;
}

/** A stop line ahead of a vehicle, and when it gets there. */
export interface Approaching {
  readonly line: RouteStopLine;
  readonly arrival: ArrivalInterval;
  readonly lastStop: string | undefined;
  /** Where it stands in the queue before it: so far from the stop line. */
  readonly queuedM: number | undefined;
}

/** When and how fast a vehicle crosses a stop line: its cruising speed where none is told. */
export interface Crossing extends ArrivalInterval {
  readonly earliestMps: number | undefined;
  readonly latestMps: number | undefined;
}

/** `queuedM`: so far before the line the vehicle stands in the queue. */
export type Leaves = (line: RouteStopLine, arrival: ArrivalInterval, queuedM: number | undefined) => Crossing | undefined;

export interface Tracker {
  /** Takes a position; a refusal says what is wrong with it in a stable code and changes nothing. */
  readonly take: (client: string, position: VehiclePosition, now: Instant) => Result<TrackedVehicle>;
  readonly takeDelay: (trip: string, delay: Duration, at: Instant) => void;
  readonly vehicles: () => readonly TrackedVehicle[];
  readonly find: (vehicle: string) => TrackedVehicle | undefined;
  /** `leaves` tells when the plan in force lets a vehicle go on that comes to a stop line then; undefined where the plan does not reach that far. */
  readonly approaching: (vehicle: TrackedVehicle, now: Instant, leaves?: Leaves) => readonly Approaching[];
  readonly hasPassed: (vehicle: TrackedVehicle, line: RouteStopLine) => boolean;
  /** Forgets vehicles that nobody has heard of for long. */
  readonly forget: (now: Instant) => void;
  /** Standard deviation / mean of the line's headways, at the stop where most passed. */
  readonly headwayVariation: (line: string) => number | undefined;
}

export interface TrackerDeps {
  readonly gtfs: Gtfs;
  readonly lines: Lines;
  readonly geo: Geo;
  readonly timeZone: string;
  /** Free-flow seconds between two places of a pattern's way, where a route service knows better than the speed limits. */
  readonly driveS?: (pattern: Pattern, fromM: number, toM: number) => number | undefined;
}

export const openTracker = ({ gtfs, lines, geo, timeZone, driveS }: TrackerDeps): Tracker => {
  const vehicles = new Map<string, TrackedVehicle>();
  const delays = new Map<string, { readonly delay: Duration; readonly at: Instant }>();
  /** What has been learned of each pattern: where a new vehicle begins. */
  const paces = new Map<string, Pace>();
  const stays = new Map<string, Stay>();
  /** By pattern and stop. */
  const passages = new Map<string, readonly Passage[]>();

  const candidatesFor = ({ trip, line }: VehiclePosition, before: TrackedVehicle | undefined): Result<readonly Pattern[]> => {
    if (trip !== undefined) {
      const pattern = lines.patternOfTrip.get(trip);
      if (pattern === undefined)
        return gtfs.trips.has(trip)
          ? refuse('outside-network', `trip ${trip} does not run over these streets`)
          : refuse('unknown-trip', `trip ${trip} is not in the timetable`);
      const named = line === undefined ? undefined : (gtfs.lines.get(line) ?? line);
      if (named !== undefined && named !== pattern.line)
        return refuse('wrong-route', `trip ${trip} belongs to line ${pattern.line}, not to ${named}`);
      return accept([pattern]);
    }
    const named = line === undefined ? before?.pattern.line : (gtfs.lines.get(line) ?? line);
    const patterns = named === undefined ? lines.patterns : lines.patterns.filter((pattern) => pattern.line === named);
    if (patterns.length > 0) return accept(patterns);
    return named === undefined
      ? refuse('unknown-vehicle', 'no line runs over these streets')
      : refuse('unknown-line', `line ${named} is not known here`);
  };

  /** The pattern and place that fit best; a vehicle that has been followed goes on forwards. */
  const match = (patterns: readonly Pattern[], point: Point, before: TrackedVehicle | undefined) => {
    const places = patterns.map((pattern) => {
      const follows = before !== undefined && before.pattern === pattern;
      const ahead = follows ? projectOn(pattern.route.line, point, before.distanceM - BACKWARDS_M) : projectOn(pattern.route.line, point);
      // Both directions of a street lie side by side: who has been seen driving one of them stays on it unless it moves against it.
      const backwards = follows ? Math.max(0, before.distanceM - ahead.distanceM) : 0;
      return { pattern, ...ahead, cost: ahead.offsetM + backwards + (before === undefined || follows ? 0 : OFF_STREET_M / 3) };
    });
    return places.sort((a, b) => a.cost - b.cost)[0];
  };

  /** The trip of the pattern that should be here now and that no other vehicle drives. */
  const tripFor = (pattern: Pattern, vehicle: string, distanceM: number, at: Instant): string | undefined => {
    const { date, midnight } = serviceDay(at, timeZone);
    const taken = new Set([...vehicles.values()].filter((other) => other.vehicle !== vehicle).map(({ trip }) => trip));
    const nearest = pattern.trips
      .filter(({ id, service }) => !taken.has(id) && gtfs.runsOn(service, date))
      .map((trip) => ({ id: trip.id, late: latenessAt(scheduleOf(pattern, trip, midnight), distanceM, at) ?? Infinity }))
      .sort((a, b) => Math.abs(a.late) - Math.abs(b.late))[0];
    return nearest?.id;
  };

  const notePassages = (before: TrackedVehicle, distanceM: number, at: Instant): string | undefined => {
    let key: string | undefined;
    for (const { stop, distanceM: place } of before.pattern.stops) {
      if (place <= before.distanceM || place > distanceM) continue;
      key = `${before.pattern.id} ${stop}`;
      const share = (place - before.distanceM) / (distanceM - before.distanceM);
      const passedAt = (before.observedAt + Math.round(share * (at - before.observedAt))) as Instant;
      const list = (passages.get(key) ?? []).filter((passage) => passage.vehicle !== before.vehicle || passedAt - passage.at > 600_000);
      passages.set(key, [...list, { vehicle: before.vehicle, at: passedAt }].slice(-PASSAGES_KEPT));
    }
    return key;
  };

  const standingOf = (
    pattern: Pattern,
    vehicle: string,
    trip: string | undefined,
    distanceM: number,
    at: Instant,
    passed: string | undefined,
    last: ServiceStanding,
  ): ServiceStanding => {
    const { date, midnight } = serviceDay(at, timeZone);
    const own = pattern.trips.find(({ id }) => id === trip);
    const told = trip === undefined ? undefined : delays.get(trip);
    const computed = own === undefined ? undefined : latenessAt(scheduleOf(pattern, own, midnight), distanceM, at);
    // Its own position is the better witness; a trip update counts where there is no timetable to hold against.
    const lateness = computed ?? (told !== undefined && at - told.at < OLDEST ? told.delay : undefined);
    let ratio = last.headwayRatio;
    if (passed !== undefined) {
      const place = pattern.stops.findIndex(({ stop }) => passed.endsWith(` ${stop}`));
      const times = pattern.trips
        .filter(({ service }) => gtfs.runsOn(service, date))
        .flatMap(({ calls }) => (calls[place] === undefined ? [] : [(midnight + calls[place].departure) as Instant]));
      const scheduled = scheduledHeadway(times, at);
      ratio = scheduled === undefined ? undefined : headwayRatio(passages.get(passed) ?? [], vehicle, at, scheduled);
    }
    return { ...(lateness === undefined ? {} : { lateness }), ...(ratio === undefined ? {} : { headwayRatio: ratio }) };
  };

  const take: Tracker['take'] = (client, position, now) => {
    const { vehicle, at } = position;
    const before = vehicles.get(vehicle);
    if (before !== undefined && before.client !== client) return refuse('duplicate-id', `vehicle ${vehicle} is told of by another client`);
    if (at - now > CLOCK_AHEAD)
      return refuse('time-in-future', `vehicle ${vehicle}: ${String((at - now) / 1000)} s ahead of the street's time`);
    if (now - at > OLDEST)
      return refuse('too-old', `vehicle ${vehicle}: seen ${String((now - at) / 1000)} s ago: expected at most ${String(OLDEST / 1000)} s`);
    if (before !== undefined && at <= before.observedAt)
      return refuse('repeated', `vehicle ${vehicle}: not newer than the position before`);
    const candidates = candidatesFor(position, before);
    if (!candidates.ok) return candidates;
    const found = match(candidates.value, geo.toPlane(position.lon, position.lat), before);
    if (found === undefined || found.offsetM > OFF_STREET_M)
      return refuse(
        'off-route',
        `vehicle ${vehicle}: ${found === undefined || found.offsetM === Infinity ? 'far' : `${String(Math.round(found.offsetM))} m`} from its line's way: expected at most ${String(OFF_STREET_M)} m`,
      );
    const { pattern, distanceM } = found;
    const same = before?.pattern === pattern ? before : undefined;
    const movedM = same === undefined ? 0 : distanceM - same.distanceM;
    const took = same === undefined ? milliseconds(0) : milliseconds(at - same.observedAt);
    if (same !== undefined && movedM > (FASTEST_MPS * took) / 1000 + 2 * POSITION_ERROR_M)
      return refuse('implausible', `vehicle ${vehicle}: ${String(Math.round(movedM))} m in ${String(took / 1000)} s`);

    const passed = same === undefined ? undefined : notePassages(same, distanceM, at);
    const speedMps = took > 0 && took <= SEEN_EVERY ? Math.max(0, movedM) / (took / 1000) : undefined;
    const { pace, clearFrom } = learnDriving(pattern, same, distanceM, at, speedMps);
    const trip = position.trip ?? (same === undefined || same.trip === undefined ? tripFor(pattern, vehicle, distanceM, at) : same.trip);
    const atStop = stopAt(pattern, distanceM) !== undefined;
    const standsStill = same !== undefined && movedM < POSITION_ERROR_M / 2;
    const stoppedSince = atStop && standsStill ? (same.stoppedSince ?? same.observedAt) : undefined;
    const left = same?.stoppedSince !== undefined && stoppedSince === undefined ? stopAt(pattern, same.distanceM) : undefined;
    if (left !== undefined && took <= SEEN_EVERY)
      learnStayAt(pattern, left, milliseconds(same!.observedAt - same!.stoppedSince! + took / 2));
    const tracked: TrackedVehicle = {
      vehicle,
      client,
      pattern,
      trip,
      distanceM: same === undefined ? distanceM : Math.max(distanceM, same.distanceM - POSITION_ERROR_M),
      observedAt: at,
      speedMps,
      pace,
      clearFrom,
      persons: position.persons ?? same?.persons ?? PERSONS,
      standing: standingOf(pattern, vehicle, trip, distanceM, at, passed, same?.standing ?? {}),
      stoppedSince,
      leftStopM: left?.distanceM ?? same?.leftStopM,
    };
    vehicles.set(vehicle, tracked);
    return accept(tracked);
  };

  /** The pace after the newest position: learned wherever a longer way without stop or signal has been driven. */
  const learnDriving = (
    pattern: Pattern,
    before: TrackedVehicle | undefined,
    distanceM: number,
    at: Instant,
    speedMps: number | undefined,
  ): Pick<TrackedVehicle, 'pace' | 'clearFrom'> => {
    const pace = before?.pace ?? paces.get(pattern.id) ?? FIRST_PACE;
    if (before === undefined || !isClear(before, distanceM)) return { pace, clearFrom: undefined };
    const clearFrom = before.clearFrom ?? { distanceM: before.distanceM, at: before.observedAt, speedMps: before.speedMps };
    const droveM = distanceM - clearFrom.distanceM;
    if (droveM < PACE_OVER_M) return { pace, clearFrom };
    const freeMps = droveM / driveSOf(pattern, clearFrom.distanceM, distanceM);
    const took = milliseconds(at - clearFrom.at);
    const learn = (known: Pace): Pace => learnPace(known, droveM, took, freeMps, clearFrom.speedMps);
    paces.set(pattern.id, learn(paces.get(pattern.id) ?? FIRST_PACE));
    return { pace: learn(pace), clearFrom: { distanceM, at, speedMps } };
  };

  const stopAt = (pattern: Pattern, distanceM: number): PatternStop | undefined =>
    pattern.stops.find((stop) => Math.abs(stop.distanceM - distanceM) < AT_STOP_M);
  const learnStayAt = (pattern: Pattern, { dwell }: PatternStop, stayed: Duration): void => {
    if (dwell > 0) stays.set(pattern.id, learnStay(stays.get(pattern.id) ?? FIRST_STAY, stayed, dwell));
  };

  /** Neither a stop nor a signal lies on the piece of way: it tells the pace. */
  const isClear = ({ pattern, distanceM: from }: TrackedVehicle, to: number): boolean => {
    const near = (place: number): boolean => place > from - AT_STOP_M && place < to + AT_STOP_M;
    return (
      !pattern.stops.some(({ distanceM }) => near(distanceM)) &&
      !pattern.route.stopLines.some(({ distanceM }) => distanceM > from && distanceM < to + 100)
    );
  };

  const driveSOf = (pattern: Pattern, fromM: number, toM: number): number =>
    Math.max(0.1, driveS?.(pattern, fromM, toM) ?? pattern.route.driveS(fromM, toM));

  const dwellOf = ({ pattern, distanceM, observedAt, speedMps, stoppedSince }: TrackedVehicle, stop: PatternStop) => {
    const stay = stays.get(pattern.id) ?? FIRST_STAY;
    const shortest = stop.dwell > 0 ? milliseconds(stop.dwell * stay.shortest) : DWELL.shortest;
    const longest = stop.dwell > 0 ? milliseconds(stop.dwell * stay.longest) : DWELL.longest;
    if (stop.distanceM - distanceM > AT_STOP_M)
      return { shortest: milliseconds(shortest + STOP_LOSS), longest: milliseconds(longest + STOP_LOSS) };
    const stayed = stoppedSince === undefined ? 0 : observedAt - stoppedSince;
    const calls = stoppedSince !== undefined || (speedMps !== undefined && speedMps < CALLS_MPS);
    return {
      shortest: calls ? milliseconds(Math.max(0, shortest - stayed) + START_LOSS) : seconds(0),
      longest: milliseconds(Math.max(0, longest - stayed) + STOP_LOSS),
    };
  };

  const approaching: Tracker['approaching'] = (vehicle, now, leaves) => {
    const { pattern, distanceM, observedAt, pace } = vehicle;
    if (now - observedAt > OLDEST) return [];
    const out: Approaching[] = [];
    // Who stands at a stop has its start counted with the stay.
    const speedMps = vehicle.stoppedSince === undefined ? vehicle.speedMps : undefined;
    let from = { distanceM, earliest: observedAt, latest: observedAt, earliestMps: speedMps, latestMps: speedMps };
    for (const line of pattern.route.stopLines.filter((one) => one.distanceM > distanceM - POSITION_ERROR_M)) {
      // Just beyond a stop a vehicle may still stand at it, with its end.
      const served = Math.max(from.distanceM - AT_STOP_M, vehicle.leftStopM ?? -Infinity);
      const stops = pattern.stops.filter((stop) => stop.distanceM > served && stop.distanceM < line.distanceM);
      const isFirst = from.distanceM === distanceM;
      const speedFromM = Math.min(from.distanceM, line.distanceM - SPEED_OVER_M);
      const leg = {
        distanceM: line.distanceM - from.distanceM,
        positionErrorM: isFirst ? POSITION_ERROR_M : 0,
        freeSpeedMps: (line.distanceM - speedFromM) / driveSOf(pattern, speedFromM, line.distanceM),
        pace,
        dwells: stops.map((stop) => dwellOf(vehicle, stop)),
        longestHold: seconds(0),
      };
      const arrival = {
        earliest: arrivalInterval({ ...leg, observedAt: from.earliest, speedMps: from.earliestMps }).earliest,
        latest: after(arrivalInterval({ ...leg, observedAt: from.latest, speedMps: from.latestMps }).latest, queueDrag(leg)),
      };
      // What may come at any time asks for nothing.
      if (arrival.earliest - now > FORESIGHT || arrivalTrust(arrival.latest - arrival.earliest) === 0) break;
      const lastStop = pattern.stops.findLast((stop) => stop.distanceM < line.distanceM)?.stop;
      const stands = stops.length === 0 && speedMps !== undefined && speedMps < STANDS_MPS && now - observedAt <= SEEN_EVERY;
      const queuedM = isFirst && stands ? leg.distanceM : undefined;
      out.push({ line, arrival, lastStop, queuedM });
      const left = leaves?.(line, arrival, queuedM);
      from =
        left === undefined
          ? {
              ...{ distanceM: line.distanceM, earliest: arrival.earliest, latest: after(arrival.latest, LONGEST_HOLD) },
              ...{ earliestMps: undefined, latestMps: undefined },
            }
          : { distanceM: line.distanceM, ...left };
    }
    return out;
  };

  return {
    take,
    takeDelay: (trip, delay, at) => {
      const before = delays.get(trip);
      if (before === undefined || before.at < at) delays.set(trip, { delay, at });
    },
    vehicles: () => [...vehicles.values()],
    find: (vehicle) => vehicles.get(vehicle),
    approaching,
    hasPassed: ({ distanceM }, line) => distanceM > line.distanceM + POSITION_ERROR_M,
    forget: (now) => {
      for (const [id, { observedAt }] of vehicles) if (now - observedAt > FORGOTTEN) vehicles.delete(id);
      for (const [trip, { at }] of delays) if (now - at > FORGOTTEN) delays.delete(trip);
    },
    headwayVariation: (line) => {
      const lists = lines.patterns
        .filter((pattern) => pattern.line === line)
        .flatMap((pattern) => pattern.stops.map(({ stop }) => passages.get(`${pattern.id} ${stop}`) ?? []));
      const longest = lists.reduce<readonly Passage[]>((best, list) => (list.length > best.length ? list : best), []);
      return headwayVariation(longest);
    },
  };
};
