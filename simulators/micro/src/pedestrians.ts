import { detectorId, instant, type DetectorActuation, type Network, type Walk } from '@songxanh/core';
import type { Street } from './street.ts';
import { DARK, FLASH_YELLOW, GREEN, PERMISSIVE, type World } from './world.ts';

/** Speed of planning for pedestrians who are not slow, m/s (facts: 1.2 m/s at crossings). */
const WALKING_MPS = 1.2;

interface CrossingPlace {
  readonly id: string;
  readonly lengthM: number;
  readonly signal: number;
  readonly head: number;
  readonly button: string;
  readonly links: readonly number[];
}

interface Leg {
  /** Walk before the crossing, m. */
  readonly approachM: number;
  readonly crossing: CrossingPlace;
}

export interface PedestrianRow {
  readonly id: string;
  readonly depart: number;
  /** −1 while on the way. */
  readonly arrival: number;
  readonly duration: number;
  readonly waitingTime: number;
  readonly crossings: number;
}

interface Pedestrian {
  readonly walk: Walk;
  readonly legs: readonly Leg[];
  readonly lastM: number;
  leg: number;
  mode: 'walking' | 'waiting' | 'crossing' | 'arrived';
  until: number;
  waited: number;
  arrival: number;
}

/** People on foot: they walk to each signalised crossing of their way, press its button, wait for green and cross. */
export class Footways {
  private readonly due: Pedestrian[];
  private next = 0;
  private walking: Pedestrian[] = [];
  private readonly buttonsDown = new Map<string, number>();
  private presses: DetectorActuation[] = [];
  private readonly signals: readonly Uint8Array[];

  constructor(
    network: Network,
    street: Street,
    walks: readonly Walk[],
    signals: readonly Uint8Array[],
    buttons: ReadonlyMap<string, string>,
    beginS: number,
  ) {
    this.signals = signals;
    const places = findCrossings(network, street, buttons);
    const adjacency = footAdjacency(network);
    this.due = walks
      .filter((walk) => walk.departS >= beginS)
      .map((walk) => {
        const { legs, lastM } = planWalk(network, adjacency, places, walk);
        return { walk, legs, lastM, leg: 0, mode: 'walking' as const, until: 0, waited: 0, arrival: -1 };
      })
      .sort((a, b) => a.walk.departS - b.walk.departS);
  }

  /** One step that ends at `world.now`. */
  step(world: World, epochMs: number): void {
    const now = world.now;
    while (this.next < this.due.length && this.due[this.next]!.walk.departS <= now) {
      const p = this.due[this.next++]!;
      p.until = p.walk.departS + (p.legs[0]?.approachM ?? p.lastM) / WALKING_MPS;
      this.walking.push(p);
    }
    for (const p of this.walking) this.move(world, p, now, epochMs);
    if (this.walking.some((p) => p.mode === 'arrived')) this.walking = this.walking.filter((p) => p.mode !== 'arrived');
  }

  private move(world: World, p: Pedestrian, now: number, epochMs: number): void {
    const leg = p.legs[p.leg];
    if (p.mode === 'walking' && now >= p.until) {
      if (!leg) {
        p.mode = 'arrived';
        p.arrival = now;
        return;
      }
      p.mode = 'waiting';
      this.press(leg.crossing.button, 1, now, epochMs);
    }
    if (p.mode === 'waiting' && leg) {
      if (this.mayCross(leg.crossing)) {
        p.mode = 'crossing';
        p.until = now + leg.crossing.lengthM / WALKING_MPS;
        this.press(leg.crossing.button, -1, now, epochMs);
        for (const link of leg.crossing.links) world.linkPedestrians[link]!++;
      } else p.waited += world.stepS;
    } else if (p.mode === 'crossing' && leg && now >= p.until) {
      for (const link of leg.crossing.links) world.linkPedestrians[link]!--;
      p.leg++;
      p.mode = 'walking';
      p.until = now + (p.legs[p.leg]?.approachM ?? p.lastM) / WALKING_MPS;
    }
  }

  private mayCross(crossing: CrossingPlace): boolean {
    if (crossing.signal < 0) return true;
    const lamp = this.signals[crossing.signal]![crossing.head];
    return lamp === GREEN || lamp === PERMISSIVE || lamp === DARK || lamp === FLASH_YELLOW;
  }

  /** A button is on while somebody waits at it. */
  private press(button: string, by: 1 | -1, now: number, epochMs: number): void {
    const before = this.buttonsDown.get(button) ?? 0;
    this.buttonsDown.set(button, before + by);
    if (before !== (by > 0 ? 0 : 1)) return;
    this.presses.push({ detector: detectorId(button), at: instant(epochMs + Math.round(now * 10) * 100), on: by > 0 });
  }

  take(): DetectorActuation[] {
    const taken = this.presses;
    this.presses = [];
    return taken;
  }

  rows(now: number): PedestrianRow[] {
    return this.due.slice(0, this.next).map((p) => ({
      id: p.walk.id,
      depart: p.walk.departS,
      arrival: p.arrival,
      duration: (p.arrival < 0 ? now : p.arrival) - p.walk.departS,
      waitingTime: p.waited,
      crossings: p.legs.length,
    }));
  }

  /** People waiting at each crossing now. */
  waiting(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const p of this.walking) {
      const id = p.mode === 'waiting' ? p.legs[p.leg]?.crossing.id : undefined;
      if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    return counts;
  }
}

const findCrossings = (network: Network, street: Street, buttons: ReadonlyMap<string, string>): Map<string, CrossingPlace> => {
  const places = new Map<string, CrossingPlace>();
  const linksOver = new Map<string, number[]>();
  street.yieldsToCrossings.forEach((crossings, link) => {
    for (const crossing of crossings) linksOver.set(crossing, [...(linksOver.get(crossing) ?? []), link]);
  });
  for (const c of network.connections) {
    if (c.crossing === undefined || (places.has(c.crossing) && !c.signal)) continue;
    const edge = network.edges.get(c.crossing);
    if (!edge) continue;
    places.set(c.crossing, {
      id: c.crossing,
      lengthM: edge.lanes[0]?.lengthM ?? 0,
      signal: c.signal ? (street.signalIndex.get(c.signal.program) ?? -1) : -1,
      head: c.signal?.index ?? -1,
      button: buttons.get(c.crossing) ?? `btn_${edge.from}_${String(c.signal?.index ?? c.crossing)}`,
      links: linksOver.get(c.crossing) ?? [],
    });
  }
  return places;
};

/** Which footway edges touch, in both directions: people walk either way. */
const footAdjacency = (network: Network): Map<string, string[]> => {
  const next = new Map<string, string[]>();
  const join = (a: string, b: string): void => void next.set(a, [...(next.get(a) ?? []), b]);
  const onFoot = (id: string): boolean => ['crossing', 'walking-area'].includes(network.edges.get(id)?.kind ?? '');
  for (const c of network.connections) {
    if (!onFoot(c.fromEdge) && !onFoot(c.toEdge)) continue;
    join(c.fromEdge, c.toEdge);
    join(c.toEdge, c.fromEdge);
  }
  return next;
};

/** Shortest chain of walking areas and crossings between two edges of one node. */
const findCrossingsBetween = (network: Network, adjacency: Map<string, string[]>, from: string, to: string): string[] => {
  const cameFrom = new Map<string, string>([[from, '']]);
  const open = [from];
  for (let at = open.shift(); at !== undefined && at !== to; at = open.shift())
    for (const next of adjacency.get(at) ?? []) {
      if (cameFrom.has(next) || (next !== to && network.edges.get(next)?.kind === 'normal')) continue;
      cameFrom.set(next, at);
      open.push(next);
    }
  const crossings: string[] = [];
  if (!cameFrom.has(to)) return crossings;
  for (let at = to; at !== ''; at = cameFrom.get(at)!) if (network.edges.get(at)?.kind === 'crossing') crossings.unshift(at);
  return crossings;
};

const planWalk = (
  network: Network,
  adjacency: Map<string, string[]>,
  places: Map<string, CrossingPlace>,
  walk: Walk,
): { legs: Leg[]; lastM: number } => {
  const legs: Leg[] = [];
  let sinceCrossing = 0;
  walk.edges.forEach((id, i) => {
    const edge = network.edges.get(id);
    const named = places.get(id);
    const over = named ? [id] : i > 0 ? findCrossingsBetween(network, adjacency, walk.edges[i - 1]!, id) : [];
    for (const crossing of over) {
      if (legs.at(-1)?.crossing.id === crossing && sinceCrossing === 0) continue;
      legs.push({ approachM: sinceCrossing, crossing: places.get(crossing)! });
      sinceCrossing = 0;
    }
    if (!named) sinceCrossing += edge?.lanes[0]?.lengthM ?? 0;
  });
  return { legs, lastM: sinceCrossing };
};
