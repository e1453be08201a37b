import type { Connection, Network, NetworkEdge, NetworkLane, NetworkNode, NodeKind, Point, Result, SignalProgram } from '@songxanh/core';
import { faultAt, gatherFile, gatherText, indexOf, maybeNumber, numberOf, numberOr, textOf, wordsOf } from '../xml.ts';
import type { Element, Gatherer } from '../xml.ts';
import { requestIndices } from './request-indices.ts';

/** SUMO's default lane width, m (SUMO_const_laneWidth, https://sumo.dlr.de/docs/Networks/PlainXML.html). */
const DEFAULT_LANE_WIDTH_M = 3.2;

/** `internal` nodes are left out: they only mark waiting points, which `waitsInside` already tells. */
const NODE_KINDS: Readonly<Record<string, NodeKind>> = {
  traffic_light: 'signalised',
  traffic_light_unregulated: 'signalised',
  traffic_light_right_on_red: 'signalised',
  priority: 'priority',
  priority_stop: 'stop',
  right_before_left: 'right-before-left',
  left_before_right: 'right-before-left',
  allway_stop: 'allway-stop',
  zipper: 'zipper',
  dead_end: 'dead-end',
  DEAD_END: 'dead-end',
  unregulated: 'unregulated',
  district: 'unregulated',
  rail_signal: 'unregulated',
  rail_crossing: 'priority',
};

const EDGE_KINDS: Readonly<Record<string, NetworkEdge['kind']>> = {
  normal: 'normal',
  internal: 'internal',
  crossing: 'crossing',
  walkingarea: 'walking-area',
  connector: 'connector',
};

const parsePoint = (element: Element, attribute: string, text: string): Point => {
  const [x, y] = text.split(',').map(Number);
  if (x === undefined || y === undefined || !Number.isFinite(x) || !Number.isFinite(y))
    throw faultAt(element, `expected points x,y in ${attribute}`, attribute);
  return [x, y];
};

const shapeOf = (element: Element): Point[] => wordsOf(element.attributes['shape']).map((word) => parsePoint(element, 'shape', word));

const boundaryOf = (element: Element, attribute: string): [number, number, number, number] => {
  const [a = NaN, b = NaN, c = NaN, d = NaN] = textOf(element, attribute).split(',').map(Number);
  if (![a, b, c, d].every(Number.isFinite)) throw faultAt(element, `expected four numbers in ${attribute}`, attribute);
  return [a, b, c, d];
};

interface OpenEdge {
  readonly element: Element;
  readonly kind: NetworkEdge['kind'];
  readonly lanes: NetworkLane[];
}
interface OpenNode {
  readonly element: Element;
  readonly kind: NodeKind;
  readonly requests: { readonly foes: string; readonly response: string; readonly waits: boolean }[];
}
interface OpenProgram {
  readonly element: Element;
  readonly intervals: SignalProgram['intervals'][number][];
}

/** SUMO writes a request's bits with link 0 last. */
const bits = (element: Element, text: string, attribute: string, size: number, known: Map<string, boolean[]>): boolean[] => {
  if (!/^[01]*$/.test(text) || text.length > size)
    throw faultAt(element, `expected one bit per link (${String(size)}) in the ${attribute} of its requests`);
  // Junctions of a city are much alike: rows that say the same are one.
  const key = `${String(size)} ${text}`;
  const row = known.get(key) ?? Array.from({ length: size }, (_, k) => text[text.length - 1 - k] === '1');
  known.set(key, row);
  return row;
};

const nodeOfInternal = (edge: string): string => edge.slice(1).replace(/_[cw]?\d+$/, '');

const gatherNetwork = (): Gatherer<Network> => {
  const edges = new Map<string, NetworkEdge>();
  const lanes = new Map<string, NetworkLane>();
  const nodes = new Map<string, NetworkNode>();
  const programs = new Map<string, SignalProgram>();
  const programElements: Element[] = [];
  const requestRows = new Map<string, boolean[]>();
  const connectionsRead: { readonly file: string; readonly line: number; readonly connection: Connection }[] = [];
  const nodeLanes: { readonly element: Element; readonly id: string }[] = [];
  let location: Network['location'] = { offset: [0, 0], projection: '!', boundary: [0, 0, 0, 0], origBoundary: [0, 0, 0, 0] };
  let root: Element | undefined;
  let leftHand = false;
  let edge: OpenEdge | undefined;
  let node: OpenNode | undefined;
  let program: OpenProgram | undefined;

  const openLane = (element: Element): void => {
    if (edge === undefined) throw faultAt(element, 'expected inside an <edge>');
    const id = textOf(element, 'id');
    const index = indexOf(element, 'index');
    if (index !== edge.lanes.length) throw faultAt(element, `expected lanes in order, index ${String(edge.lanes.length)} here`, 'index');
    const shape = shapeOf(element);
    const shapeLengthM = shape.reduce(
      (sum, p, i) => sum + (i === 0 ? 0 : Math.hypot(p[0] - (shape[i - 1]?.[0] ?? 0), p[1] - (shape[i - 1]?.[1] ?? 0))),
      0,
    );
    const lengthM = numberOr(element, 'length', shapeLengthM);
    const speedMps = numberOf(element, 'speed');
    if (lengthM < 0) throw faultAt(element, 'expected a length ≥ 0 m', 'length');
    if (speedMps < 0) throw faultAt(element, 'expected a speed ≥ 0 m/s', 'speed');
    const allow = wordsOf(element.attributes['allow']).filter((word) => word !== 'all');
    const lane: NetworkLane = {
      id,
      index,
      edge: textOf(edge.element, 'id'),
      speedMps,
      lengthM,
      widthM: numberOr(element, 'width', DEFAULT_LANE_WIDTH_M),
      shape,
      allow: edge.kind === 'crossing' || edge.kind === 'walking-area' ? ['pedestrian'] : allow,
      disallow: wordsOf(element.attributes['disallow']),
    };
    if (lanes.has(id)) throw faultAt(element, 'expected an id of its own: this lane exists already', 'id');
    edge.lanes.push(lane);
    lanes.set(id, lane);
  };

  const closeEdge = ({ element, kind, lanes: edgeLanes }: OpenEdge): void => {
    const id = textOf(element, 'id');
    if (edges.has(id)) throw faultAt(element, 'expected an id of its own: this edge exists already');
    if (edgeLanes.length === 0 && kind !== 'connector') throw faultAt(element, 'expected at least one <lane>');
    const inside = nodeOfInternal(id);
    edges.set(id, {
      id,
      name: element.attributes['name'] ?? '',
      from: id.startsWith(':') ? inside : textOf(element, 'from'),
      to: id.startsWith(':') ? inside : textOf(element, 'to'),
      priority: numberOr(element, 'priority', -1),
      kind,
      lanes: edgeLanes,
    });
  };

  const openNode = (element: Element): void => {
    const type = textOf(element, 'type');
    if (type === 'internal') return;
    const kind = NODE_KINDS[type];
    if (kind === undefined) throw faultAt(element, `expected a known junction type (${Object.keys(NODE_KINDS).join(', ')})`, 'type');
    node = { element, kind, requests: [] };
  };

  const closeNode = ({ element, kind, requests }: OpenNode): void => {
    const id = textOf(element, 'id');
    const incomingLanes = wordsOf(element.attributes['incLanes']);
    for (const lane of incomingLanes) nodeLanes.push({ element, id: lane });
    nodes.set(id, {
      id,
      kind,
      position: [numberOf(element, 'x'), numberOf(element, 'y')],
      shape: shapeOf(element),
      incomingLanes,
      internalLanes: wordsOf(element.attributes['intLanes']),
      foes: requests.map((request) => bits(element, request.foes, 'foes', requests.length, requestRows)),
      yieldsTo: requests.map((request) => bits(element, request.response, 'response', requests.length, requestRows)),
      waitsInside: requests.map((request) => request.waits),
    });
  };

  const openConnection = (element: Element): void => {
    const tl = element.attributes['tl'];
    const toEdge = textOf(element, 'to');
    const connection: Connection = {
      fromEdge: textOf(element, 'from'),
      fromLane: indexOf(element, 'fromLane'),
      toEdge,
      toLane: indexOf(element, 'toLane'),
      via: element.attributes['via'] ?? '',
      direction: directionOf(element),
      state: element.attributes['state'] ?? 'M',
      ...(tl === undefined ? {} : { signal: { program: tl, index: indexOf(element, 'linkIndex') } }),
      requestIndex: -1,
    };
    connectionsRead.push({ file: element.file, line: element.line, connection });
  };

  const openInterval = (element: Element): void => {
    if (program === undefined) throw faultAt(element, 'expected inside a <tlLogic>');
    const state = textOf(element, 'state');
    const durationS = numberOf(element, 'duration');
    if (!/^[GgyrusoO]+$/.test(state)) throw faultAt(element, 'expected the letters G g y r u s o O in state', 'state');
    if (durationS < 0) throw faultAt(element, 'expected a duration ≥ 0 s', 'duration');
    const length = program.intervals[0]?.state.length ?? state.length;
    if (state.length !== length)
      throw faultAt(element, `expected ${String(length)} letters in state as in the program's first phase`, 'state');
    const minS = maybeNumber(element, 'minDur');
    const maxS = maybeNumber(element, 'maxDur');
    const name = element.attributes['name'];
    program.intervals.push({
      durationS,
      state,
      ...(minS === undefined ? {} : { minS }),
      ...(maxS === undefined ? {} : { maxS }),
      ...(name === undefined ? {} : { name }),
    });
  };

  const closeProgram = ({ element, intervals }: OpenProgram): void => {
    const id = textOf(element, 'id');
    const kind = element.attributes['type'] ?? 'static';
    // A rail signal is worked by trains, not by a program; its links count as unsignalised.
    if (kind.startsWith('rail')) return;
    if (intervals.length === 0) throw faultAt(element, 'expected at least one <phase>');
    if (kind === 'NEMA') throw faultAt(element, 'expected a program with plain phases: NEMA controllers are not read', 'type');
    programs.set(id, { id, programId: element.attributes['programID'] ?? '0', kind, offsetS: numberOr(element, 'offset', 0), intervals });
    programElements.push(element);
  };

  const open = (element: Element): void => {
    switch (element.name) {
      case 'net':
        root = element;
        leftHand = element.attributes['lefthand'] === 'true' || element.attributes['lefthand'] === '1';
        break;
      case 'location':
        location = {
          offset: parsePoint(element, 'netOffset', textOf(element, 'netOffset')),
          boundary: boundaryOf(element, 'convBoundary'),
          origBoundary: boundaryOf(element, 'origBoundary'),
          projection: element.attributes['projParameter'] ?? '!',
        };
        break;
      case 'edge': {
        const kind = EDGE_KINDS[element.attributes['function'] ?? 'normal'];
        if (kind === undefined) throw faultAt(element, `expected one of ${Object.keys(EDGE_KINDS).join(', ')} in function`, 'function');
        textOf(element, 'id');
        edge = { element, kind, lanes: [] };
        break;
      }
      case 'lane':
        openLane(element);
        break;
      case 'junction':
        openNode(element);
        break;
      case 'request':
        if (node === undefined) break;
        if (indexOf(element, 'index') !== node.requests.length)
          throw faultAt(element, `expected requests in order, index ${String(node.requests.length)} here`, 'index');
        node.requests.push({
          foes: textOf(element, 'foes'),
          response: textOf(element, 'response'),
          waits: element.attributes['cont'] === '1',
        });
        break;
      case 'connection':
        openConnection(element);
        break;
      case 'tlLogic':
        program = { element, intervals: [] };
        break;
      case 'phase':
        openInterval(element);
        break;
    }
  };

  const close = (name: string): void => {
    if (name === 'edge' && edge !== undefined) {
      closeEdge(edge);
      edge = undefined;
    } else if (name === 'junction' && node !== undefined) {
      closeNode(node);
      node = undefined;
    } else if (name === 'tlLogic' && program !== undefined) {
      closeProgram(program);
      program = undefined;
    }
  };

  const checkConnection = ({ file, line, connection }: (typeof connectionsRead)[number]): void => {
    const { fromEdge, fromLane, toEdge, toLane, via, signal } = connection;
    // Made again for messages: all elements of a city kept until its last one would be as much again as the network.
    const element = (): Element => ({
      file,
      line,
      name: 'connection',
      attributes: {
        ...{ from: fromEdge, fromLane: String(fromLane), to: toEdge, toLane: String(toLane), via },
        ...(signal === undefined ? {} : { linkIndex: String(signal.index) }),
      },
    });
    if (!edges.has(fromEdge)) throw faultAt(element(), 'expected an edge of this network in from', 'from');
    if (edges.get(fromEdge)?.lanes[fromLane] === undefined)
      throw faultAt(element(), `expected a lane of edge ${fromEdge} in fromLane`, 'fromLane');
    if (!edges.has(toEdge)) throw faultAt(element(), 'expected an edge of this network in to', 'to');
    if (edges.get(toEdge)?.lanes[toLane] === undefined) throw faultAt(element(), `expected a lane of edge ${toEdge} in toLane`, 'toLane');
    if (via !== '' && !lanes.has(via)) throw faultAt(element(), 'expected a lane of this network in via', 'via');
    const states = signal && programs.get(signal.program)?.intervals[0]?.state;
    if (states !== undefined && signal !== undefined && signal.index >= states.length)
      throw faultAt(element(), `expected a linkIndex below ${String(states.length)}, the letters of its program`, 'linkIndex');
  };

  const finish = (): Network => {
    if (root !== undefined && edges.size === 0) throw faultAt(root, 'expected at least one <edge>');
    for (const { element, id } of nodeLanes)
      if (!lanes.has(id)) throw faultAt(element, `expected lanes of this network in incLanes, not ${id}`);
    connectionsRead.forEach(checkConnection);
    const plain = connectionsRead.map(({ connection }) => connection);
    const indices = requestIndices(plain, nodes, edges);
    const connections = plain.map((connection, i): Connection => {
      const { signal, ...rest } = connection;
      return {
        ...rest,
        ...(signal !== undefined && programs.has(signal.program) ? { signal } : {}),
        ...(edges.get(connection.toEdge)?.kind === 'crossing' ? { crossing: connection.toEdge } : {}),
        requestIndex: indices[i] ?? -1,
      };
    });
    return { edges, lanes, nodes, connections, programs, location, leftHand };
  };

  return { open, close, finish };
};

const directionOf = (element: Element): Connection['direction'] => {
  const direction = element.attributes['dir'] ?? 's';
  if (direction === 's' || direction === 'l' || direction === 'L' || direction === 'r' || direction === 'R' || direction === 't')
    return direction;
  if (direction === 'i' || direction === 'invalid') return 'i';
  throw faultAt(element, 'expected one of s l L r R t i in dir', 'dir');
};

/** Reads a `.net.xml`; throws a `FileFault` with one message where it is malformed. */
export const readNetwork = (file: string): Promise<Network> => gatherFile(file, ['net'], gatherNetwork());

/** The same from text in memory; `name` stands for the file in messages. */
export const parseNetwork = (text: string, name: string): Result<Network> => gatherText(text, name, ['net'], gatherNetwork());
