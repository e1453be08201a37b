import type { BusStop, Closure, LaneAreaDetector, LoopDetector, Network, NetworkLane, Result, StreetFurniture } from '@songxanh/core';
import { faultAt, gatherFile, gatherText, maybeNumber, maybeSeconds, numberOr, textOf, wordsOf } from '../xml.ts';
import type { Element, Gatherer } from '../xml.ts';
import { positionOn } from '../routes/parse-stop.ts';

const laneOf = (element: Element, network: Network): NetworkLane => {
  const lane = network.lanes.get(textOf(element, 'lane'));
  if (lane === undefined) throw faultAt(element, 'expected a lane of the network', 'lane');
  return lane;
};

const parseLoop = (element: Element, network: Network): LoopDetector => {
  const lane = laneOf(element, network);
  textOf(element, 'pos');
  return { kind: 'loop', id: textOf(element, 'id'), lane: lane.id, posM: positionOn(element, 'pos', lane.lengthM, 0) };
};

const parseLaneArea = (element: Element, network: Network): LaneAreaDetector => {
  if (element.attributes['lanes'] !== undefined)
    throw faultAt(element, 'expected one lane: lane areas over several lanes are not supported', 'lanes');
  const lane = laneOf(element, network);
  const lengthM = maybeNumber(element, 'length');
  const startPosM = positionOn(element, 'pos', lane.lengthM, 0);
  const endPosM =
    lengthM === undefined ? positionOn(element, 'endPos', lane.lengthM, lane.lengthM) : Math.min(startPosM + lengthM, lane.lengthM);
  if (endPosM <= startPosM) throw faultAt(element, 'expected its end behind its begin');
  return { kind: 'lane-area', id: textOf(element, 'id'), lane: lane.id, startPosM, endPosM };
};

const parseBusStop = (element: Element, network: Network): BusStop => {
  const lane = laneOf(element, network);
  const endPosM = positionOn(element, 'endPos', lane.lengthM, lane.lengthM);
  const startPosM = positionOn(element, 'startPos', lane.lengthM, Math.max(0, endPosM - 10));
  if (endPosM < startPosM) throw faultAt(element, 'expected endPos not before startPos', 'endPos');
  return { id: textOf(element, 'id'), name: element.attributes['name'] ?? '', lane: lane.id, startPosM, endPosM };
};

/** A `<rerouter>` or one of its `<interval>`s, still open. */
interface OpenRerouter {
  readonly element: Element;
  readonly noticedOn: readonly string[];
  interval?: { readonly element: Element; readonly edges: string[] };
}

const OTHER_REROUTES = ['destProbReroute', 'routeProbReroute', 'closingLaneReroute', 'parkingAreaReroute', 'viaProbReroute'];
const REROUTER_OPTIONS = ['timeThreshold', 'vTypes', 'off'];

const checkEdges = (element: Element, attribute: string, edges: readonly string[], network: Network): readonly string[] => {
  const unknown = edges.find((edge) => !network.edges.has(edge));
  if (unknown !== undefined) throw faultAt(element, `expected edges of the network: there is no edge ${unknown}`, attribute);
  return edges;
};

/** Closed edges of SUMO's rerouters; whatever else a rerouter can do is refused. */
const gatherClosures = (network: Network): Pick<Gatherer<readonly Closure[]>, 'open' | 'finish'> & { close: (name: string) => void } => {
  const closures: Closure[] = [];
  let rerouter: OpenRerouter | undefined;
  const open = (element: Element): void => {
    const refuseAttributes = (names: readonly string[]): void => {
      const given = names.find((name) => element.attributes[name] !== undefined);
      if (given !== undefined) throw faultAt(element, `expected no ${given}: closures are for everybody who comes by`, given);
    };
    if (element.name === 'rerouter') {
      refuseAttributes(REROUTER_OPTIONS);
      if (numberOr(element, 'probability', 1) !== 1) throw faultAt(element, 'expected probability 1: everybody is told', 'probability');
      rerouter = { element, noticedOn: checkEdges(element, 'edges', wordsOf(textOf(element, 'edges')), network) };
    } else if (rerouter === undefined) return;
    else if (element.name === 'interval') rerouter.interval = { element, edges: [] };
    else if (element.name === 'closingReroute') {
      refuseAttributes(['allow', 'disallow']);
      rerouter.interval?.edges.push(...checkEdges(element, 'id', [textOf(element, 'id')], network));
    } else if (OTHER_REROUTES.includes(element.name)) throw faultAt(element, 'expected <closingReroute>: other reroutes are not supported');
  };
  const close = (name: string): void => {
    if (name === 'rerouter') rerouter = undefined;
    if (name !== 'interval' || rerouter?.interval === undefined) return;
    const { element, edges } = rerouter.interval;
    delete rerouter.interval;
    const [beginS, endS] = [maybeSeconds(element, 'begin') ?? 0, maybeSeconds(element, 'end') ?? Infinity];
    if (endS <= beginS) throw faultAt(element, 'expected its end behind its begin', 'end');
    if (edges.length > 0) closures.push({ id: textOf(rerouter.element, 'id'), edges, beginS, endS, noticedOn: rerouter.noticedOn });
  };
  return { open, close, finish: () => closures };
};

const gatherFurniture = (network: Network): Gatherer<StreetFurniture> => {
  const detectors = new Map<string, LoopDetector | LaneAreaDetector>();
  const busStops = new Map<string, BusStop>();
  const add = <T extends { readonly id: string }>(element: Element, all: Map<string, T>, value: T): void => {
    if (all.has(value.id)) throw faultAt(element, 'expected an id of its own: this one exists already');
    all.set(value.id, value);
  };
  const closures = gatherClosures(network);
  const open = (element: Element): void => {
    closures.open(element);
    switch (element.name) {
      case 'inductionLoop':
      case 'e1Detector':
        add(element, detectors, parseLoop(element, network));
        break;
      case 'laneAreaDetector':
      case 'e2Detector':
        add(element, detectors, parseLaneArea(element, network));
        break;
      case 'busStop':
      case 'trainStop':
        add(element, busStops, parseBusStop(element, network));
        break;
    }
  };
  const finish = (): StreetFurniture => {
    const closed = closures.finish();
    const others = { detectors: [...detectors.values()], busStops: [...busStops.values()] };
    return closed.length > 0 ? { ...others, closures: closed } : others;
  };
  return { open, close: closures.close, finish };
};

const ROOTS = ['additional', 'add', 'routes'];

/** Reads detectors, bus stops and closed edges (rerouters) of `.add.xml` files; other elements are left to SUMO. */
export const readAdditional = async (files: readonly string[], network: Network): Promise<StreetFurniture> => {
  const gatherer = gatherFurniture(network);
  for (const file of files) await gatherFile(file, ROOTS, gatherer);
  return gatherer.finish();
};

/** The same from text in memory; `name` stands for the file in messages. */
export const parseAdditional = (text: string, name: string, network: Network): Result<StreetFurniture> =>
  gatherText(text, name, ROOTS, gatherFurniture(network));
