/** Who travels: vehicle types, trips and their detectors, as a simulator needs them. */
export interface VehicleType {
  readonly id: string;
  /** SUMO's vClass: passenger, motorcycle, bus, bicycle, truck, emergency, … */
  readonly vehicleClass: string;
  readonly carFollowing: 'krauss' | 'idm';
  readonly lengthM: number;
  readonly widthM: number;
  readonly minGapM: number;
  readonly maxSpeedMps: number;
  readonly accelMps2: number;
  readonly decelMps2: number;
  readonly tauS: number;
  /** Krauss driver imperfection 0…1. */
  readonly sigma: number;
  readonly speedFactor: { readonly mean: number; readonly deviation: number; readonly min: number; readonly max: number };
  readonly persons: number;
  readonly pcu: number;
}

export interface BusStopVisit {
  readonly lane: string;
  readonly startPosM: number;
  readonly endPosM: number;
  readonly durationS: number;
  readonly untilS?: number;
  readonly busStop?: string;
}

/** One vehicle that shall be inserted at `departS` (scenario seconds) and follow `edges`. */
export interface Trip {
  readonly id: string;
  readonly type: string;
  readonly departS: number;
  readonly edges: readonly string[];
  /**
   * Edges it passes in this order, where it takes at departure whatever way between them is fastest then (a SUMO trip); `edges` is the
   * fastest one on empty streets.
   */
  readonly stations?: readonly string[];
  readonly departLane: string;
  readonly departPos: string;
  readonly departSpeed: string;
  readonly arrivalPos?: string;
  readonly line?: string;
  readonly stops: readonly BusStopVisit[];
}

/** A walk over signalised crossings: for the first simulator a person is a call at each crossing on the way. */
export interface Walk {
  readonly id: string;
  readonly departS: number;
  readonly edges: readonly string[];
}

export interface LoopDetector {
  readonly kind: 'loop';
  readonly id: string;
  readonly lane: string;
  readonly posM: number;
}
export interface LaneAreaDetector {
  readonly kind: 'lane-area';
  readonly id: string;
  readonly lane: string;
  readonly startPosM: number;
  readonly endPosM: number;
}
export interface BusStop {
  readonly id: string;
  readonly name: string;
  readonly lane: string;
  readonly startPosM: number;
  readonly endPosM: number;
}

export interface TrafficDemand {
  readonly types: ReadonlyMap<string, VehicleType>;
  /** Ascending by `departS`; flows are already unrolled. */
  readonly trips: readonly Trip[];
  readonly walks: readonly Walk[];
}

/** Edges that nobody may enter for a time (scenario seconds); who learns of it in time drives around them. */
export interface Closure {
  readonly id: string;
  readonly edges: readonly string[];
  readonly beginS: number;
  readonly endS: number;
  /** Drivers learn of it when they come to one of these edges; everybody at once where absent. */
  readonly noticedOn?: readonly string[];
}

export interface StreetFurniture {
  readonly detectors: readonly (LoopDetector | LaneAreaDetector)[];
  readonly busStops: readonly BusStop[];
  readonly closures?: readonly Closure[];
}
