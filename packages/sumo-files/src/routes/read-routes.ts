import type { BusStop, BusStopVisit, Network, Result, TrafficDemand, Trip, VehicleType, Walk } from '@songxanh/core';
import { accept, refuse } from '@songxanh/core';
import { FileFault } from '../file-fault.ts';
import { faultAt, gatherFile, gatherText, maybeSeconds, numberOr, textOf, toNumber, wordsOf } from '../xml.ts';
import type { Element, Gatherer } from '../xml.ts';
import { parseStop } from './parse-stop.ts';
import { parseVehicleType } from './parse-vehicle-type.ts';
import { choose, createRandom, seedFrom } from './random.ts';
import { unrollFlow } from './unroll-flow.ts';
import { defaultType } from './vehicle-class.ts';
import { createVehicleRouter } from './vehicle-router.ts';
import { createWalkRouter } from './walk-router.ts';

export interface RouteOptions {
  /** Bus stops that `<stop busStop>` may name. */
  readonly busStops?: readonly BusStop[];
  /** For flows by probability or exponential headway and for distributions. */
  readonly seed?: number;
}

interface Weighted<T> {
  readonly value: T;
  readonly weight: number;
}

interface RouteDefinition {
  readonly element: Element;
  readonly edges: readonly string[];
  readonly stops: BusStopVisit[];
}

type RouteChoice = (
  type: VehicleType,
  random: () => number,
) => { readonly edges: readonly string[]; readonly stops: readonly BusStopVisit[]; readonly stations?: readonly string[] };

/** A vehicle, trip or flow, or a person, whose tag is still open. */
interface Traveller {
  readonly element: Element;
  readonly stops: BusStopVisit[];
  readonly routes: Weighted<RouteDefinition>[];
  /** A person's legs on foot, until the first ride. */
  readonly stations: string[];
  riding: boolean;
}

const TRAVELLERS = ['vehicle', 'trip', 'flow', 'person', 'personFlow'];

class DemandGatherer implements Gatherer<undefined> {
  private readonly network: Network;
  private readonly busStops: ReadonlyMap<string, BusStop>;
  private readonly seed: number;
  private readonly types = new Map<string, VehicleType>();
  private readonly typeDistributions = new Map<string, Weighted<string>[]>();
  private readonly routes = new Map<string, Weighted<RouteDefinition>[]>();
  private readonly travellers: Traveller[] = [];
  private readonly ids = new Set<string>();
  private traveller: Traveller | undefined;
  private route: RouteDefinition | undefined;
  private distribution: Weighted<RouteDefinition>[] | undefined;
  private typeDistribution: Weighted<string>[] | undefined;
  private type: string | undefined;

  constructor(network: Network, { busStops = [], seed = 1 }: RouteOptions) {
    this.network = network;
    this.busStops = new Map(busStops.map((stop) => [stop.id, stop]));
    this.seed = seed;
    // SUMO's DEFAULT_VEHTYPE; files may redefine it.
    const car = defaultType('DEFAULT_VEHTYPE', 'passenger');
    if (car !== undefined) this.types.set(car.id, car);
  }

  readonly open = (element: Element): void => {
    if (TRAVELLERS.includes(element.name)) {
      this.traveller = { element, stops: [], routes: [], stations: [], riding: false };
      return;
    }
    switch (element.name) {
      case 'vType':
        this.openType(element);
        break;
      case 'param':
        this.openParameter(element);
        break;
      case 'vTypeDistribution':
        this.openTypeDistribution(element);
        break;
      case 'route':
        this.openRoute(element);
        break;
      case 'routeDistribution':
        this.openRouteDistribution(element);
        break;
      case 'stop':
        if (this.traveller?.element.name.startsWith('person') === true) break;
        (this.route ?? this.traveller)?.stops.push(parseStop(element, this.network, this.busStops));
        break;
      case 'walk':
      case 'personTrip':
        this.openWalk(element);
        break;
      case 'ride':
        if (this.traveller !== undefined) this.traveller.riding = true;
        break;
    }
  };

  readonly close = (name: string): void => {
    if (TRAVELLERS.includes(name)) {
      if (this.traveller !== undefined) this.travellers.push(this.traveller);
      this.traveller = undefined;
    } else if (name === 'route') this.route = undefined;
    else if (name === 'routeDistribution') this.distribution = undefined;
    else if (name === 'vTypeDistribution') this.typeDistribution = undefined;
    else if (name === 'vType') this.type = undefined;
  };

  readonly finish = (): undefined => undefined;

  private openType(element: Element): void {
    const id = textOf(element, 'id');
    this.types.set(id, parseVehicleType(element, id));
    this.type = id;
    this.typeDistribution?.push({ value: id, weight: numberOr(element, 'probability', 1) });
  }

  private openParameter(element: Element): void {
    const type = this.type === undefined ? undefined : this.types.get(this.type);
    const key = element.attributes['key'];
    if (type === undefined || (key !== 'persons' && key !== 'pcu')) return;
    const value = toNumber(element, 'value', textOf(element, 'value'));
    if (value < 0) throw faultAt(element, `expected ${key} ≥ 0`, 'value');
    this.types.set(type.id, { ...type, [key]: value });
  }

  private openTypeDistribution(element: Element): void {
    const weights = wordsOf(element.attributes['probabilities']).map((word) => toNumber(element, 'probabilities', word));
    const members = wordsOf(element.attributes['vTypes']).map((value, i) => ({ value, weight: weights[i] ?? 1 }));
    for (const { value } of members) if (!this.types.has(value)) throw faultAt(element, `expected known vTypes, not ${value}`, 'vTypes');
    this.typeDistribution = members;
    this.typeDistributions.set(textOf(element, 'id'), members);
  }

  private openRoute(element: Element): void {
    // The network's own strings: those cut out of the file would keep its whole text.
    const edges = wordsOf(textOf(element, 'edges')).map((edge) => this.checkEdge(element, edge, 'edges'));
    if (edges.length === 0) throw faultAt(element, 'expected at least one edge in edges');
    this.route = { element, edges, stops: [] };
    const weighted = { value: this.route, weight: numberOr(element, 'probability', 1) };
    const id = element.attributes['id'];
    if (this.distribution !== undefined) this.distribution.push(weighted);
    else if (this.traveller !== undefined) this.traveller.routes.push(weighted);
    else this.routes.set(textOf(element, 'id'), [weighted]);
    if (this.distribution !== undefined && id !== undefined) this.routes.set(id, [weighted]);
  }

  private openRouteDistribution(element: Element): void {
    const weights = wordsOf(element.attributes['probabilities']).map((word) => toNumber(element, 'probabilities', word));
    const members = wordsOf(element.attributes['routes']).map((name, i) => {
      const route = this.routes.get(name)?.[0];
      if (route === undefined) throw faultAt(element, `expected known routes, not ${name}`, 'routes');
      return { value: route.value, weight: weights[i] ?? route.weight };
    });
    if (this.traveller !== undefined) {
      this.traveller.routes.push(...members);
      this.distribution = this.traveller.routes;
    } else {
      this.distribution = members;
      this.routes.set(textOf(element, 'id'), members);
    }
  }

  private openWalk(element: Element): void {
    const { traveller } = this;
    if (traveller === undefined || traveller.riding) return;
    const busStop = element.attributes['busStop'];
    const place = busStop === undefined ? undefined : this.busStops.get(busStop);
    if (busStop !== undefined && place === undefined) throw faultAt(element, 'expected a busStop of the additional files', 'busStop');
    const routeId = element.attributes['route'];
    const route = routeId === undefined ? undefined : this.routes.get(routeId)?.[0]?.value.edges;
    if (routeId !== undefined && route === undefined) throw faultAt(element, 'expected a known route', 'route');
    const stopEdge = place && this.network.lanes.get(place.lane)?.edge;
    const given = element.attributes['edges'];
    const words = route ?? (given === undefined ? [element.attributes['from'], element.attributes['to'] ?? stopEdge] : wordsOf(given));
    const stations = words.filter((word) => word !== undefined);
    if (stations.length === 0) throw faultAt(element, 'expected edges, or from and to');
    for (const edge of stations) this.checkEdge(element, edge, given === undefined ? 'to' : 'edges');
    traveller.stations.push(...stations);
  }

  private checkEdge(element: Element, edge: string, attribute: string): string {
    const known = this.network.edges.get(edge);
    if (known === undefined) throw faultAt(element, `expected edges of the network in ${attribute}: there is no edge ${edge}`);
    return known.id;
  }

  /** Everything that travels, after the last file: references are resolved, flows unrolled, trips routed. */
  build(): TrafficDemand {
    const trips: Trip[] = [];
    const walks: Walk[] = [];
    const vehicleRouter = createVehicleRouter(this.network);
    const walkRouter = createWalkRouter(this.network);
    for (const traveller of this.travellers) {
      const { element } = traveller;
      const id = textOf(element, 'id');
      if (this.ids.has(id)) throw faultAt(element, 'expected an id of its own: this one departs already');
      this.ids.add(id);
      const random = createRandom(seedFrom(this.seed, id));
      const isFlow = element.name.endsWith('low');
      const departures = isFlow ? unrollFlow(element, random) : [departureOf(element)];
      if (element.name.startsWith('person')) {
        if (traveller.stations.length === 0) continue;
        const edges = walkRouter(traveller.stations);
        if (edges === undefined) throw faultAt(element, `expected a way on foot along ${traveller.stations.join(' ')}`);
        departures.forEach((departS, i) => walks.push({ id: isFlow ? `${id}.${String(i)}` : id, departS, edges }));
      } else {
        const routeOf = this.routeChooser(traveller, vehicleRouter);
        departures.forEach((departS, i) =>
          trips.push(this.buildTrip(traveller, isFlow ? `${id}.${String(i)}` : id, departS, routeOf, random)),
        );
      }
    }
    const byDeparture = (a: { departS: number }, b: { departS: number }): number => a.departS - b.departS;
    return { types: this.types, trips: trips.sort(byDeparture), walks: walks.sort(byDeparture) };
  }

  private buildTrip({ element, stops }: Traveller, id: string, departS: number, routeOf: RouteChoice, random: () => number): Trip {
    const type = this.chooseType(element, random);
    const route = routeOf(type, random);
    const { departLane = 'first', departPos = 'base', departSpeed = '0', arrivalPos, line } = element.attributes;
    const visits = [...route.stops, ...stops];
    for (const { lane } of visits) {
      const edge = this.network.lanes.get(lane)?.edge ?? '';
      if (!route.edges.includes(edge)) throw faultAt(element, `expected its stops on its route, but lane ${lane} is not`);
    }
    return {
      id,
      type: type.id,
      departS,
      edges: route.edges,
      // Who calls at stops keeps its way.
      ...(route.stations === undefined || visits.length > 0 ? {} : { stations: route.stations }),
      departLane,
      departPos,
      departSpeed,
      ...(arrivalPos === undefined ? {} : { arrivalPos }),
      ...(line === undefined ? {} : { line }),
      stops: visits,
    };
  }

  private chooseType(element: Element, random: () => number): VehicleType {
    const name = element.attributes['type'] ?? 'DEFAULT_VEHTYPE';
    const distribution = this.typeDistributions.get(name);
    const type = this.types.get(distribution === undefined ? name : (choose(distribution, random) ?? ''));
    if (type === undefined) throw faultAt(element, 'expected a known vType in type', 'type');
    return type;
  }

  private routeChooser({ element, routes }: Traveller, router: ReturnType<typeof createVehicleRouter>): RouteChoice {
    const { route: name, from, to, via } = element.attributes;
    if (from !== undefined || to !== undefined) {
      const stations = [textOf(element, 'from'), ...wordsOf(via), textOf(element, 'to')];
      for (const edge of stations) this.checkEdge(element, edge, edge === from ? 'from' : edge === to ? 'to' : 'via');
      return (type) => {
        const edges = router.route(stations, type);
        if (edges === undefined) throw faultAt(element, `expected a way for a ${type.vehicleClass} along ${stations.join(' ')}`);
        return { edges, stops: [], stations };
      };
    }
    const named = name === undefined ? undefined : this.routes.get(name);
    if (name !== undefined && named === undefined) throw faultAt(element, 'expected a known route', 'route');
    const choices = named ?? routes;
    if (choices.length === 0) throw faultAt(element, 'expected a route, or from and to edges');
    for (const { value } of choices) checkConnected(value, router);
    return (_type, random) => (choices.length === 1 ? choices[0] : undefined)?.value ?? choose(choices, random) ?? fail(element);
  }
}

const fail = (element: Element): never => {
  throw faultAt(element, 'expected a route with a probability > 0');
};

const checkConnected = ({ element, edges }: RouteDefinition, router: ReturnType<typeof createVehicleRouter>): void => {
  for (const [i, edge] of edges.entries()) {
    const before = edges[i - 1];
    if (before !== undefined && !router.connected(before, edge))
      throw faultAt(element, `expected connected edges: none leads from ${before} to ${edge}`);
  }
};

const departureOf = (element: Element): number => {
  const depart = textOf(element, 'depart');
  if (/riggered|split|now/.test(depart))
    throw faultAt(element, 'expected a time in depart: triggered departures are not supported', 'depart');
  return maybeSeconds(element, 'depart') ?? 0;
};

/** Reads `.rou.xml` (and vTypes or routes of additional files), in order; throws a `FileFault` with one message where they are malformed. */
export const readRoutes = async (files: readonly string[], network: Network, options: RouteOptions = {}): Promise<TrafficDemand> => {
  const gatherer = new DemandGatherer(network, options);
  for (const file of files) await gatherFile(file, ['routes', 'additional', 'add'], gatherer);
  return gatherer.build();
};

/** The same from one text in memory; `name` stands for the file in messages. */
export const parseRoutes = (text: string, name: string, network: Network, options: RouteOptions = {}): Result<TrafficDemand> => {
  const gatherer = new DemandGatherer(network, options);
  const gathered = gatherText(text, name, ['routes', 'additional', 'add'], gatherer);
  if (!gathered.ok) return gathered;
  try {
    return accept(gatherer.build());
  } catch (error) {
    if (error instanceof FileFault) return refuse(error.code, error.message);
    throw error;
  }
};
