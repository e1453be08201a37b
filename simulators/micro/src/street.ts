import type { Connection, Network, NetworkLane, Point } from '@songxanh/core';
import { emptyPath, findPathConflict, samplePath, TOUCH_M, type PathConflict } from './path-conflict.ts';

/**
 * The network as the engine walks it: lanes and links (lane-to-lane paths through nodes) by number, in flat arrays.
 * Lanes of one edge are consecutive, rightmost first. Footways and crossings are left out.
 */
export interface Street {
  readonly laneIds: readonly string[];
  readonly laneIndex: ReadonlyMap<string, number>;
  readonly edgeIds: readonly string[];
  readonly edgeIndex: ReadonlyMap<string, number>;
  /** Edges outside nodes. */
  readonly roads: Int32Array;
  readonly edgeFirstLane: Int32Array;
  readonly edgeLaneCount: Int32Array;
  readonly laneEdge: Int32Array;
  readonly laneLength: Float64Array;
  readonly laneSpeed: Float64Array;
  /** Motorcycle widths side by side. */
  readonly laneSlots: Int32Array;
  readonly laneWidth: Float64Array;
  /** The link an internal lane belongs to, −1 for a lane of a road. */
  readonly laneLink: Int32Array;
  /** Distance from the stop line to the begin of an internal lane along its link. */
  readonly lanePathOffset: Float64Array;
  readonly laneShapes: readonly (readonly Point[])[];
  /** Links governed by each signal. */
  readonly signalLinks: readonly (readonly number[])[];
  readonly linksFrom: readonly (readonly number[])[];
  readonly linksInto: readonly (readonly number[])[];
  readonly linkFrom: Int32Array;
  readonly linkTo: Int32Array;
  /** Internal lanes of the link in order; −1 where it has none. */
  readonly linkVia: Int32Array;
  readonly linkSecondVia: Int32Array;
  readonly linkLength: Float64Array;
  /** Where inside the node a vehicle may wait, m from the stop line; −1 where it may not. */
  readonly linkWaitPos: Float64Array;
  /** 1: behind it lies a crossing, which one approaches ready to stop. */
  readonly linkExitMinor: Uint8Array;
  readonly linkSignal: Int32Array;
  readonly linkSignalIndex: Int32Array;
  /** The file's state letter, used while no signal governs the link. */
  readonly linkLetter: Uint8Array;
  readonly linkAllway: Uint8Array;
  /** Links whose approaching traffic this link lets pass first. */
  readonly yieldsTo: readonly (readonly number[])[];
  /** Lanes from which those look for far-off traffic who yield to link l: `watchBegin[l]` … `watchBegin[l + 1] − 1` of `watchLane`. */
  readonly watchBegin: Int32Array;
  readonly watchLane: Int32Array;
  /** 1: one of them is so short that one looks from the lane before it already. */
  readonly linkSeenFromAfar: Uint8Array;
  /** Crossings (by edge id) whose pedestrians this link lets pass first. */
  readonly yieldsToCrossings: readonly (readonly string[])[];
  /** What link l meets inside the node: entries `conflictBegin[l]` … `conflictBegin[l + 1] − 1` of `conflicts`. */
  readonly conflictBegin: Int32Array;
  readonly conflicts: Conflicts;
  readonly signalIds: readonly string[];
  readonly signalIndex: ReadonlyMap<string, number>;
}

/** Where paths of links meet, as distances behind the link's own stop line and behind the foe's, m. */
export interface Conflicts {
  readonly foe: Int32Array;
  readonly begin: Float64Array;
  readonly end: Float64Array;
  readonly foeBegin: Float64Array;
  readonly foeEnd: Float64Array;
}

/**
 * Slot of one motorcycle, m: 0.7 m of vehicle and a little on either side. Four ride abreast on 3.5 m, three on 3.3 m, where SUMO's sublane model
 * (0.8 m) has 3.0 and 2.8 standing abreast.
 */
const SLOT_M = 0.85;
const MAX_SLOTS = 8;
/** Nobody plans for a line farther away, m: the way to stop from 100 km/h. */
const SIGHT_M = 120;
/** Network files leave the width out where it is SUMO's default. */
const DEFAULT_WIDTH_M = 3.2;

/** Most lists of a street are empty or short: a typed array for each would take most of its memory. */
const NONE: readonly never[] = [];
const shared = (list: readonly number[]): readonly number[] => (list.length === 0 ? NONE : [...list]);

const isRoad = (kind: string): boolean => kind === 'normal' || kind === 'internal' || kind === 'connector';

/** Compiles a network into the arrays the engine runs on. */
export const compileStreet = (network: Network): Street => {
  const edges = [...network.edges.values()].filter((edge) => isRoad(edge.kind));
  const lanes: NetworkLane[] = edges.flatMap((edge) => [...edge.lanes].sort((a, b) => a.index - b.index));
  const laneIndex = new Map(lanes.map((lane, i) => [lane.id, i]));
  const edgeIndex = new Map(edges.map((edge, i) => [edge.id, i]));
  const edgeLaneCount = Int32Array.from(edges, (edge) => edge.lanes.length);
  const edgeFirstLane = new Int32Array(edges.length);
  for (let e = 1; e < edges.length; e++) edgeFirstLane[e] = edgeFirstLane[e - 1]! + edgeLaneCount[e - 1]!;
  const laneAt = (edge: string, index: number): number => {
    const e = edgeIndex.get(edge);
    return e === undefined || index >= edgeLaneCount[e]! ? -1 : edgeFirstLane[e]! + index;
  };

  const internalNext = new Map<number, Connection>();
  const roads: Connection[] = [];
  for (const connection of network.connections) {
    const from = laneAt(connection.fromEdge, connection.fromLane);
    if (from < 0 || laneAt(connection.toEdge, connection.toLane) < 0) continue;
    if (network.edges.get(connection.fromEdge)!.kind === 'internal') internalNext.set(from, connection);
    else roads.push(connection);
  }

  const count = roads.length;
  const signalIds = [...new Set(roads.flatMap((c) => (c.signal ? [c.signal.program] : [])))];
  const signalIndex = new Map(signalIds.map((id, i) => [id, i]));
  const linkSignal = Int32Array.from(roads, (c) => (c.signal ? signalIndex.get(c.signal.program)! : -1));
  const linkFrom = Int32Array.from(roads, (c) => laneAt(c.fromEdge, c.fromLane));
  const linkTo = Int32Array.from(roads, (c) => laneAt(c.toEdge, c.toLane));
  const linkVia = Int32Array.from(roads, (c) => (c.via === '' ? -1 : (laneIndex.get(c.via) ?? -1)));
  const linkSecondVia = Int32Array.from(linkVia, (via) => laneIndex.get(internalNext.get(via)?.via ?? '') ?? -1);
  const laneLink = new Int32Array(lanes.length).fill(-1);
  const lanePathOffset = new Float64Array(lanes.length);
  const linkLength = new Float64Array(count);
  const linkWaitPos = new Float64Array(count).fill(-1);
  const lengthOf = (lane: number): number => (lane < 0 ? 0 : lanes[lane]!.lengthM);
  const nodeOf = (link: number) => network.nodes.get(network.edges.get(roads[link]!.fromEdge)!.to);
  for (let link = 0; link < count; link++) {
    const [via, second] = [linkVia[link]!, linkSecondVia[link]!];
    if (via >= 0) laneLink[via] = link;
    if (second >= 0) {
      laneLink[second] = link;
      lanePathOffset[second] = lengthOf(via);
      linkWaitPos[link] = lengthOf(via);
    }
    linkLength[link] = lengthOf(via) + lengthOf(second);
  }
  const pathShape = (link: number): Point[] =>
    [linkVia[link]!, linkSecondVia[link]!].flatMap((lane) => (lane < 0 ? [] : [...lanes[lane]!.shape]));

  const [ownPath, foePath] = [emptyPath(), emptyPath()];
  const byRequest = new Map<string, Map<number, number>>();
  roads.forEach((c, link) => {
    const node = nodeOf(link);
    if (node && c.requestIndex >= 0)
      byRequest.set(node.id, (byRequest.get(node.id) ?? new Map<number, number>()).set(c.requestIndex, link));
  });
  const crossingByRequest = new Map<string, Map<number, string>>();
  for (const c of network.connections) {
    const crossing = c.crossing;
    if (crossing === undefined || c.requestIndex < 0) continue;
    const node = network.edges.get(crossing)?.from ?? '';
    crossingByRequest.set(node, (crossingByRequest.get(node) ?? new Map<number, string>()).set(c.requestIndex, crossing));
  }

  const yieldsTo: (readonly number[])[] = [];
  const yieldsToCrossings: (readonly string[])[] = [];
  const conflictBegin = new Int32Array(count + 1);
  const conflicts: { foe: number; zone: PathConflict }[] = [];
  for (let link = 0; link < count; link++) {
    const request = roads[link]!.requestIndex;
    const node = nodeOf(link);
    const row = node?.yieldsTo[request] ?? [];
    const links = byRequest.get(node?.id ?? '');
    const crossings = crossingByRequest.get(node?.id ?? '');
    yieldsTo.push(shared(row.flatMap((yields, k) => (yields && links?.has(k) ? [links.get(k)!] : []))));
    yieldsToCrossings.push(
      crossings === undefined ? NONE : row.flatMap((yields, k) => (yields && crossings.has(k) ? [crossings.get(k)!] : [])),
    );
    samplePath(ownPath, pathShape(link), linkLength[link]!);
    (node?.foes[request] ?? []).forEach((isFoe, k) => {
      const foe = isFoe ? links?.get(k) : undefined;
      if (foe === undefined || linkFrom[foe] === linkFrom[link]) return;
      samplePath(foePath, pathShape(foe), linkLength[foe]!);
      const zone = findPathConflict(ownPath, foePath);
      if (!zone) return;
      // Waiting places lie clear of the paths they wait for, whatever the outlines say, and of those they only brush.
      const isClear = (link: number, begin: number, yields: boolean): boolean => yields || linkWaitPos[link]! - begin <= TOUCH_M;
      const clear = {
        ...zone,
        beginA: isClear(link, zone.beginA, row[k] === true) ? Math.max(zone.beginA, linkWaitPos[link]!) : zone.beginA,
        beginB: isClear(foe, zone.beginB, node?.yieldsTo[k]?.[request] === true) ? Math.max(zone.beginB, linkWaitPos[foe]!) : zone.beginB,
      };
      if (clear.beginA < zone.endA && clear.beginB < zone.endB) conflicts.push({ foe, zone: clear });
    });
    conflictBegin[link + 1] = conflicts.length;
  }

  const watching: number[][] = roads.map(() => []);
  const linkSeenFromAfar = new Uint8Array(count);
  for (let link = 0; link < count; link++)
    if (nodeOf(link)?.kind !== 'allway-stop')
      for (const foe of yieldsTo[link]!) {
        for (const lane of [linkFrom[link]!, linkVia[link]!]) if (lane >= 0 && !watching[foe]!.includes(lane)) watching[foe]!.push(lane);
        if (lengthOf(linkFrom[link]!) < SIGHT_M) linkSeenFromAfar[foe] = 1;
      }
  const watchBegin = new Int32Array(count + 1);
  for (let link = 0; link < count; link++) watchBegin[link + 1] = watchBegin[link]! + watching[link]!.length;

  const group = (of: Int32Array, groups: number): (readonly number[])[] => {
    const lists: number[][] = Array.from({ length: groups }, () => []);
    of.forEach((at, link) => lists[at]?.push(link));
    return lists.map(shared);
  };
  return {
    laneIds: lanes.map((lane) => lane.id),
    laneIndex,
    edgeIds: edges.map((edge) => edge.id),
    edgeIndex,
    roads: Int32Array.from(edges.keys()).filter((edge) => laneLink[edgeFirstLane[edge]!]! < 0),
    edgeFirstLane,
    edgeLaneCount,
    laneEdge: Int32Array.from(lanes, (lane) => edgeIndex.get(lane.edge)!),
    laneLength: Float64Array.from(lanes, (lane) => lane.lengthM),
    laneSpeed: Float64Array.from(lanes, (lane) => lane.speedMps),
    laneWidth: Float64Array.from(lanes, (lane) => lane.widthM || DEFAULT_WIDTH_M),
    laneSlots: Int32Array.from(lanes, (lane) =>
      Math.max(1, Math.min(MAX_SLOTS, Math.floor((lane.widthM || DEFAULT_WIDTH_M) / SLOT_M + 1e-6))),
    ),
    laneLink,
    lanePathOffset,
    laneShapes: lanes.map((lane) => lane.shape),
    linksFrom: group(linkFrom, lanes.length),
    linksInto: group(linkTo, lanes.length),
    linkFrom,
    linkTo,
    linkVia,
    linkSecondVia,
    linkLength,
    linkWaitPos,
    linkExitMinor: Uint8Array.from(linkVia, (via, link) => {
      const exit = internalNext.get(linkSecondVia[link]! >= 0 ? linkSecondVia[link]! : via);
      return exit !== undefined && exit.via === '' && exit.state === 'm' ? 1 : 0;
    }),
    linkSignal,
    signalLinks: group(linkSignal, signalIds.length),
    linkSignalIndex: Int32Array.from(roads, (c) => c.signal?.index ?? -1),
    linkLetter: Uint8Array.from(roads, (c) => c.state.charCodeAt(0)),
    linkAllway: Uint8Array.from(roads, (_, link) => (nodeOf(link)?.kind === 'allway-stop' ? 1 : 0)),
    yieldsTo,
    watchBegin,
    watchLane: Int32Array.from(watching.flat()),
    linkSeenFromAfar,
    yieldsToCrossings,
    conflictBegin,
    conflicts: {
      foe: Int32Array.from(conflicts, ({ foe }) => foe),
      begin: Float64Array.from(conflicts, ({ zone }) => zone.beginA),
      end: Float64Array.from(conflicts, ({ zone }) => zone.endA),
      foeBegin: Float64Array.from(conflicts, ({ zone }) => zone.beginB),
      foeEnd: Float64Array.from(conflicts, ({ zone }) => zone.endB),
    },
    signalIds,
    signalIndex,
  };
};
