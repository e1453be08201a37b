import { detectorId, instant, type DetectorActuation, type LaneAreaDetector, type LoopDetector } from '@songxanh/core';
import { RUNNING } from './trip-book.ts';
import type { World } from './world.ts';

/** Below this a vehicle in a lane area counts as jammed, m/s (SUMO's lane-area jam speed, 5 km/h). */
const JAM_MPS = 5 / 3.6;
/** Stamps are whole tenths of a second. */
const STAMP_S = 0.1;

interface Zone {
  readonly id: string;
  readonly lane: number;
  readonly start: number;
  readonly end: number;
}

interface ZoneEvent {
  readonly zone: number;
  readonly atS: number;
  readonly entered: boolean;
}

/** What changes while detectors watch: who is inside (trip and odometer at leaving), what has not been taken yet. */
export interface DetectorState {
  readonly inside: readonly ReadonlyMap<number, number>[];
  readonly events: readonly ZoneEvent[];
  readonly present: Int32Array;
}

/** Loops and lane areas of a run. A loop is an area of no length. */
export class DetectorField {
  private readonly zones: readonly Zone[];
  private readonly onLane: readonly (readonly number[])[];
  /** 1: the lane has zones. */
  readonly watched: Uint8Array;
  private inside: Map<number, number>[];
  private events: ZoneEvent[] = [];
  private readonly present: Int32Array;

  constructor(world: World, detectors: readonly (LoopDetector | LaneAreaDetector)[]) {
    const { street } = world;
    this.zones = detectors.flatMap((d) => {
      const lane = street.laneIndex.get(d.lane);
      if (lane === undefined) return [];
      const place = (pos: number): number => Math.min(street.laneLength[lane]!, pos < 0 ? pos + street.laneLength[lane]! : pos);
      const [start, end] = d.kind === 'loop' ? [d.posM, d.posM] : [d.startPosM, d.endPosM];
      return [{ id: d.id, lane, start: place(start), end: place(end) }];
    });
    const onLane: number[][] = street.laneIds.map(() => []);
    this.zones.forEach((zone, z) => onLane[zone.lane]!.push(z));
    this.onLane = onLane;
    this.watched = Uint8Array.from(onLane, (zones) => Math.min(1, zones.length));
    /** Trip → odometer at which its back leaves the zone. */
    this.inside = this.zones.map(() => new Map<number, number>());
    this.present = new Int32Array(this.zones.length);
  }

  save(): DetectorState {
    return { inside: this.inside.map((trips) => new Map(trips)), events: [...this.events], present: this.present.slice() };
  }

  restore({ inside, events, present }: DetectorState): void {
    this.inside = inside.map((trips) => new Map(trips));
    this.events = [...events];
    this.present.set(present);
  }

  /** Vehicle `v` has moved along its lane, which has zones, from `from` to `to` in the step that ends now. */
  moved(world: World, v: number, from: number, to: number): void {
    const lane = world.fleet.lane[v]!;
    const zones = this.onLane[lane]!;
    for (let i = 0; i < zones.length; i++) {
      const z = zones[i]!;
      const { start, end } = this.zones[z]!;
      if (start <= from || start > to || this.inside[z]!.has(world.fleet.trip[v]!)) continue;
      const part = (start - from) / (to - from);
      this.enter(
        world,
        z,
        v,
        world.now - world.stepS * (1 - part),
        world.fleet.odometer[v]! - (to - start) + (end - start) + world.fleet.length[v]!,
      );
    }
  }

  /** Vehicle `v` has appeared on its lane, maybe above zones whose begin its front has not crossed; it has stood there since the begin of the step (SUMO). */
  inserted(world: World, v: number): void {
    const { fleet } = world;
    const lane = fleet.lane[v]!;
    if (this.watched[lane] === 1) for (const z of this.onLane[lane]!) this.enterAbove(world, z, v, world.now - world.stepS + STAMP_S);
  }

  /** Lets `v`, which may stand above zone `z` without having crossed its begin, into it. */
  private enterAbove(world: World, z: number, v: number, atS: number): void {
    const { fleet } = world;
    const { start, end } = this.zones[z]!;
    const back = fleet.pos[v]! - fleet.length[v]!;
    if (back >= end || fleet.pos[v]! < start || this.inside[z]!.has(fleet.trip[v]!)) return;
    this.enter(world, z, v, atS, fleet.odometer[v]! + end - back);
  }

  private enter(world: World, z: number, v: number, atS: number, leavesAtOdometer: number): void {
    this.inside[z]!.set(world.fleet.trip[v]!, leavesAtOdometer);
    this.events.push({ zone: z, atS, entered: true });
  }

  /** Once per step, after all moves: whose back has left, who changed lanes. */
  settle(world: World): void {
    const { book, fleet, street, stepS, now } = world;
    this.zones.forEach((zone, z) => {
      const inside = this.inside[z]!;
      for (const [t, leavesAt] of inside) {
        const v = book.vehicle[t]!;
        const past = fleet.odometer[v]! - leavesAt;
        const elsewhere = fleet.lane[v] !== zone.lane && street.laneEdge[fleet.lane[v]!] === street.laneEdge[zone.lane];
        if (past < 0 && fleet.state[v] === RUNNING && !elsewhere) continue;
        inside.delete(t);
        const before = past > 0 && fleet.speed[v]! > 0 ? Math.min(stepS, past / fleet.speed[v]!) : 0;
        this.events.push({ zone: z, atS: now - before, entered: false });
      }
      for (let v = world.order.last[zone.lane]!; v >= 0; v = fleet.ahead[v]!) {
        if (fleet.pos[v]! - fleet.length[v]! >= zone.end) break;
        // Changed into the lane above the zone.
        this.enterAbove(world, z, v, now);
      }
    });
  }

  /** Actuations since the last call, in order of time. `epochMs` is street time at scenario second 0. */
  take(epochMs: number): DetectorActuation[] {
    const events = this.events.sort((a, b) => a.atS - b.atS || Number(b.entered) - Number(a.entered));
    this.events = [];
    return events.flatMap(({ zone, atS, entered }) => {
      const before = this.present[zone]!;
      this.present[zone] = before + (entered ? 1 : -1);
      if (before !== (entered ? 0 : 1)) return [];
      // The sample that first sees the change: never before it, so a stamp lies within the step it belongs to, (begin, end].
      const at = instant(epochMs + Math.ceil(atS / STAMP_S - 1e-6) * STAMP_S * 1000);
      return [{ detector: detectorId(this.zones[zone]!.id), at, on: entered }];
    });
  }

  /** Vehicles standing or crawling in each detector's zone now. */
  jams(world: World): { detector: string; vehicles: number; jammed: number }[] {
    return this.zones.map((zone, z) => {
      const vehicles = [...this.inside[z]!.keys()];
      return {
        detector: zone.id,
        vehicles: vehicles.length,
        jammed: vehicles.filter((t) => world.fleet.speed[world.book.vehicle[t]!]! < JAM_MPS).length,
      };
    });
  }
}
