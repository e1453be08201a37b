/**
 * The street network as simulators and maps need it. SUMO's reader (`packages/sumo-files`) makes it; nothing here is signal control:
 * a junction's control is its `Site`.
 */
export type NodeKind = 'signalised' | 'priority' | 'right-before-left' | 'stop' | 'allway-stop' | 'dead-end' | 'unregulated' | 'zipper';

/** Metres in the network's own plane: [x, y]. */
export type Point = readonly [number, number];

/** Who may use a lane, in SUMO's class names (passenger, motorcycle, bus, pedestrian, …); empty = everybody but pedestrians. */
export interface LanePermission {
  readonly allow: readonly string[];
  readonly disallow: readonly string[];
}

export interface NetworkLane extends LanePermission {
  readonly id: string;
  readonly index: number;
  readonly edge: string;
  readonly speedMps: number;
  readonly lengthM: number;
  readonly widthM: number;
  readonly shape: readonly Point[];
}

export interface NetworkEdge {
  readonly id: string;
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly priority: number;
  /** `internal` edges lie inside a node; `crossing` and `walking-area` belong to pedestrians. */
  readonly kind: 'normal' | 'internal' | 'crossing' | 'walking-area' | 'connector';
  readonly lanes: readonly NetworkLane[];
}

/** One lane-to-lane link through a node. */
export interface Connection {
  readonly fromEdge: string;
  readonly fromLane: number;
  readonly toEdge: string;
  readonly toLane: number;
  /** First internal lane of the path, '' where the network has none. */
  readonly via: string;
  /** SUMO's letters: s straight, l/L left, r/R right, t U-turn, i invalid. */
  readonly direction: 's' | 'l' | 'L' | 'r' | 'R' | 't' | 'i';
  /** SUMO's link state letter (M major, m minor, o/O off, = equal, s stop, w allway, Z zipper). */
  readonly state: string;
  /** The signal (tlLogic id and index) it obeys, where it has one. */
  readonly signal?: { readonly program: string; readonly index: number };
  /** Position among the node's requests; -1 without right-of-way data. */
  readonly requestIndex: number;
  /** The pedestrian crossing this link is, where it is one. */
  readonly crossing?: string;
}

/** A node's right of way: bit k of `foes[i]` (as a boolean array) says that link i and link k meet; `yieldsTo[i][k]` that i gives way to k. */
export interface NetworkNode {
  readonly id: string;
  readonly kind: NodeKind;
  readonly position: Point;
  readonly shape: readonly Point[];
  readonly incomingLanes: readonly string[];
  readonly internalLanes: readonly string[];
  readonly foes: readonly (readonly boolean[])[];
  readonly yieldsTo: readonly (readonly boolean[])[];
  /** `cont` flag per link: the vehicle may wait inside the node. */
  readonly waitsInside: readonly boolean[];
}

/** A signal program as the file has it: one letter per link index and interval. */
export interface SignalProgram {
  readonly id: string;
  readonly programId: string;
  readonly kind: string;
  readonly offsetS: number;
  readonly intervals: readonly {
    readonly durationS: number;
    readonly state: string;
    readonly minS?: number;
    readonly maxS?: number;
    readonly name?: string;
  }[];
}

export interface Network {
  readonly edges: ReadonlyMap<string, NetworkEdge>;
  readonly lanes: ReadonlyMap<string, NetworkLane>;
  readonly nodes: ReadonlyMap<string, NetworkNode>;
  readonly connections: readonly Connection[];
  /** Last loaded program per signal. */
  readonly programs: ReadonlyMap<string, SignalProgram>;
  /** Network plane: `projection` is a proj4 string or '!' (none); plane = projected + offset. */
  readonly location: {
    readonly offset: Point;
    readonly projection: string;
    readonly boundary: readonly [number, number, number, number];
    readonly origBoundary: readonly [number, number, number, number];
  };
  readonly leftHand: boolean;
}
