import type { Network, TrafficDemand, Trip } from '@songxanh/core';
import { isInForce, type ClosedEdges } from './closures.ts';
import { copyColumns, setColumns, type Columns } from './columns.ts';
import { createWayFinder, type Driver } from './find-way.ts';
import { growGuides, layGuide, takeBearings, type GuideFront, type Guides } from './lane-guide.ts';
import type { PlannedRoutes } from './plan-routes.ts';
import { freeSpeeds, noteSpeeds } from './travel-times.ts';
import { RUNNING } from './trip-book.ts';
import type { World } from './world.ts';

/** A trip that still waits to be inserted chooses anew after this (SUMO's device.rerouting.pre-period), s. */
const CHOOSE_EVERY_S = 60;

/** A way laid while the simulation ran, for the lanes that a vehicle type may use. */
interface LaidWay {
  readonly type: number;
  readonly edges: Int32Array;
}

export interface WaysState {
  readonly laid: readonly LaidWay[];
  readonly speeds: Columns;
  readonly chosenAt: Float64Array;
  readonly closed: Uint8Array;
  readonly fenced: Uint8Array;
  /** The fence has changed since the last step: drivers have not noticed yet. */
  readonly isNews: boolean;
}

/** Ways that are chosen while a simulation runs: by trips at their departure, and around closed edges. */
export interface Ways {
  /** Lets trip `t`, due but not inserted, choose its way by the travel times of now; false: it begins on a closed edge, or no way leads around a fenced one. */
  depart(t: number): boolean;
  /** Once a step, before anybody plans: closures begin and end, and drivers notice. */
  begin(): void;
  /** 1 for each edge that works close from now on, instead of those before: see `Simulation.fence`. */
  fence(edges: Uint8Array): void;
  /** Once a step, when all have moved. */
  end(): void;
  save(): WaysState;
  restore(state: WaysState): void;
}

export const openWays = (
  world: World,
  network: Network,
  demand: TrafficDemand,
  trips: readonly Trip[],
  { guides: planned, allowedOf }: PlannedRoutes,
  closures: readonly ClosedEdges[],
): Ways => {
  const { street, book, fleet } = world;
  const types = [...demand.types.values()];
  const stations = trips.map((trip) => trip.stations && Int32Array.from(trip.stations, (edge) => street.edgeIndex.get(edge)!));
  const chooses = stations.some((list) => list !== undefined);
  const finder = createWayFinder(network, street);
  const speeds = freeSpeeds(street, chooses);
  const chosenAt = new Float64Array(trips.length).fill(-Infinity);
  const closed = new Uint8Array(street.edgeIds.length);
  const fenced = new Uint8Array(street.edgeIds.length);
  let hasFence = false;
  /** Closed or fenced. */
  const avoided = new Uint8Array(street.edgeIds.length);
  let isNews = false;
  const nothingClosed = new Uint8Array(street.edgeIds.length);
  const noStops = new Int32Array(street.edgeIds.length).fill(-1);
  let laid: LaidWay[] = [];
  let firstSteps = new Map<string, number>();
  let front: GuideFront = endOf(planned);

  const driverOf = (t: number): Driver => {
    const type = book.typeOf[t]!;
    return { allowed: allowedOf[type]!, maxSpeedMps: types[type]!.maxSpeedMps, speedFactor: book.speedFactor[t]! };
  };

  /** The first step of a way in the guides, which are the plan's own until the first way is laid. */
  const lay = (type: number, edges: Int32Array): number => {
    const key = `${String(type)} ${edges.join(' ')}`;
    const known = firstSteps.get(key);
    if (known !== undefined) return known;
    const entries = edges.reduce((sum, edge) => sum + street.edgeLaneCount[edge]!, 0);
    world.guides = growGuides(world.guides, front.step + edges.length, front.entry + entries);
    const first = front.step;
    layGuide(world.guides, front, street, allowedOf[type]!, edges, noStops);
    firstSteps.set(key, first);
    laid.push({ type, edges });
    return first;
  };

  const passes = (some: Uint8Array, firstStep: number): boolean => {
    for (let step = firstStep; ; step++) {
      if (some[world.guides.edge[step]!]) return true;
      if (world.guides.last[step] === 1) return false;
    }
  };
  const lastEdge = (firstStep: number): number => {
    let step = firstStep;
    while (world.guides.last[step] === 0) step++;
    return world.guides.edge[step]!;
  };

  /** Sends `v` around closed edges ahead, where it calls at no stops and there is a way. */
  const redirect = (v: number): void => {
    const step = fleet.step[v]!;
    if (street.laneLink[fleet.lane[v]!]! >= 0 || fleet.stopLane[v]! >= 0 || world.guides.last[step] === 1 || !passes(avoided, step + 1))
      return;
    const t = fleet.trip[v]!;
    const ends = Int32Array.of(world.guides.edge[step]!, lastEdge(step));
    const way = finder.find(ends, driverOf(t), speeds.mean, avoided);
    if (way === undefined) return;
    fleet.step[v] = lay(book.typeOf[t]!, way);
    takeBearings(world, v);
  };

  const notices = (edge: number): boolean =>
    hasFence ||
    closures.some((closure) => isInForce(closure, world.now) && (closure.noticedOn === undefined || closure.noticedOn[edge] === 1));

  /** Brings `closed` and the links into closed edges up to date; true when anything has changed. */
  const settleClosures = (): boolean => {
    let changed = false;
    for (const closure of closures)
      for (const edge of closure.edges) {
        const shut = closures.some((other) => isInForce(other, world.now) && other.edges.includes(edge)) ? 1 : 0;
        if (closed[edge] === shut) continue;
        closed[edge] = shut;
        changed = true;
      }
    if (changed) shutLinks();
    if (changed || isNews) avoid();
    return changed;
  };
  const avoid = (): void => {
    closed.forEach((shut, edge) => (avoided[edge] = shut | fenced[edge]!));
    hasFence = fenced.includes(1);
  };
  const shutLinks = (): void => {
    world.linkShut.forEach((_, link) => (world.linkShut[link] = closed[street.laneEdge[street.linkTo[link]!]!]!));
  };

  return {
    depart(t) {
      const own = stations[t];
      const from = world.guides.edge[book.firstStep[t]!]!;
      if (avoided[from]) return false;
      const hasChosen = world.now - chosenAt[t]! < CHOOSE_EVERY_S;
      if (own === undefined) {
        // Its way is given; it only avoids what is closed, where it would notice. Buses keep their line.
        if (trips[t]!.stops.length > 0 || !(hasFence || closures.length > 0)) return true;
        if (!passes(avoided, book.firstStep[t]!) || !notices(from)) return true;
        if (hasFence && hasChosen) return false;
      } else if (hasChosen) return !hasFence || !passes(fenced, book.firstStep[t]!);
      chosenAt[t] = world.now;
      const points = own ?? Int32Array.of(from, lastEdge(book.firstStep[t]!));
      const way = finder.find(points, driverOf(t), speeds.mean, avoided) ?? finder.find(points, driverOf(t), speeds.mean, nothingClosed);
      if (way !== undefined && !follows(world.guides, book.firstStep[t]!, way)) book.firstStep[t] = lay(book.typeOf[t]!, way);
      return !hasFence || !passes(fenced, book.firstStep[t]!);
    },
    begin() {
      if (closures.length === 0 && !hasFence && !isNews) return;
      const everybody = settleClosures() || isNews;
      isNews = false;
      if (!avoided.includes(1)) return;
      for (let v = 0; v < fleet.end; v++) {
        if (fleet.state[v] !== RUNNING) continue;
        const hasCome = fleet.pos[v]! <= fleet.speed[v]! * world.stepS;
        if ((everybody || hasCome) && notices(street.laneEdge[fleet.lane[v]!]!)) redirect(v);
      }
    },
    fence(edges) {
      if (edges.every((one, edge) => one === fenced[edge])) return;
      fenced.set(edges);
      isNews = true;
    },
    end() {
      // Once a second, as SUMO does, whatever the step.
      if (chooses && Math.floor(world.now + 1e-9) !== Math.floor(world.now - world.stepS + 1e-9)) noteSpeeds(world, speeds);
    },
    save: () => ({
      laid: [...laid],
      speeds: copyColumns(speeds),
      chosenAt: chosenAt.slice(),
      closed: closed.slice(),
      fenced: fenced.slice(),
      isNews,
    }),
    restore(state) {
      world.guides = planned;
      front = endOf(planned);
      firstSteps = new Map();
      laid = [];
      for (const { type, edges } of state.laid) lay(type, edges);
      setColumns(speeds, state.speeds);
      chosenAt.set(state.chosenAt);
      closed.set(state.closed);
      fenced.set(state.fenced);
      isNews = state.isNews;
      shutLinks();
      avoid();
    },
  };
};

const endOf = (guides: Guides): GuideFront => ({ step: guides.edge.length, entry: guides.link.length });

/** Is the way that begins at `firstStep` the one over `edges`? */
const follows = ({ edge, last }: Guides, firstStep: number, edges: Int32Array): boolean =>
  last[firstStep + edges.length - 1] === 1 && edges.every((e, i) => edge[firstStep + i] === e);
