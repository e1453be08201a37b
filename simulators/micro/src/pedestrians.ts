import { detectorId, instant, type DetectorActuation, type Network, type NetworkLane, type Walk } from '@songxanh/core';
import { emptyPath, samplePath } from './path-conflict.ts';
import type { Street } from './street.ts';
import { DARK, FLASH_YELLOW, GREEN, PERMISSIVE } from './lamps.ts';
import type { World } from './world.ts';

/** Speed of planning for pedestrians who are not slow, m/s (1.2 m/s at crossings is usual in design). */
const WALKING_MPS = 1.2;
/** Vehicles let somebody pass who comes this near to their path from the side, m (SUMO's jmCrossingGap). */
const CROSSING_GAP_M = 10;
/** Somebody this far past the middle of a vehicle's path is out of its way, m: half of a lane. */
const PASSED_M = 1.6;

interface CrossingPlace {
  readonly id: string;
  readonly lengthM: number;
  readonly signal: number;
  readonly head: number;
  readonly button: string;
  readonly links: readonly LinkOver[];
}

/** A link whose traffic yields to a crossing, and where its path meets the crossing, m from the crossing's begin. */
interface LinkOver {
  readonly link: number;
  readonly atM: number;
}

interface Leg {
  /** Walk before the crossing, m. */
  readonly approachM: number;
  readonly crossing: CrossingPlace;
  /** From the begin of the crossing's shape to its end. */
  readonly forward: boolean;
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

/** The crossings on somebody's way. */
export interface PlannedWalk {
  readonly walk: Walk;
  readonly legs: readonly Leg[];
  readonly lastM: number;
}

/** Where somebody is on the way. */
interface OnTheWay {
  leg: number;
  mode: 'walking' | 'waiting' | 'crossing' | 'arrived';
  until: number;
  /** When the crossing began. */
  began: number;
  /** Bit per link of the crossing that waits for this person. */
  holds: number;
  waited: number;
  arrival: number;
}

interface Pedestrian extends PlannedWalk, OnTheWay {}

/** What changes while people walk. */
export interface FootwayState {
  readonly next: number;
  readonly people: readonly OnTheWay[];
  readonly buttonsDown: ReadonlyMap<string, number>;
  readonly presses: readonly DetectorActuation[];
}

/** Everybody who walks from `beginS` on, in order of departure, with the signalised crossings on the way. */
export const planWalks = (
  network: Network,
  street: Street,
  walks: readonly Walk[],
  buttons: ReadonlyMap<string, string>,
  beginS: number,
): PlannedWalk[] => {
  const places = findCrossings(network, street, buttons);
  const adjacency = footAdjacency(network);
  const ends = new Set(network.connections.map((c) => `${c.fromEdge} ${c.toEdge}`));
  return walks
    .filter((walk) => walk.departS >= beginS)
    .map((walk) => ({ walk, ...planWalk(network, adjacency, places, ends, walk) }))
    .sort((a, b) => a.walk.departS - b.walk.departS);
};

/** People on foot: they walk to each signalised crossing of their way, press its button, wait for green and cross. */
export class Footways {
  private readonly due: Pedestrian[];
  private next = 0;
  private walking: Pedestrian[] = [];
  private buttonsDown = new Map<string, number>();
  private presses: DetectorActuation[] = [];
  private readonly signals: readonly Uint8Array[];

  constructor(planned: readonly PlannedWalk[], signals: readonly Uint8Array[]) {
    this.signals = signals;
    this.due = planned.map((plan) => ({ ...plan, leg: 0, mode: 'walking', until: 0, began: 0, holds: 0, waited: 0, arrival: -1 }));
  }

  save(): FootwayState {
    return {
      next: this.next,
      people: this.due.slice(0, this.next).map(({ leg, mode, until, began, holds, waited, arrival }) => ({
        ...{ leg, mode, until, began, holds, waited, arrival },
      })),
      buttonsDown: new Map(this.buttonsDown),
      presses: [...this.presses],
    };
  }

  restore({ next, people, buttonsDown, presses }: FootwayState): void {
    this.next = next;
    people.forEach((person, i) => Object.assign(this.due[i]!, person));
    this.walking = this.due.slice(0, next).filter(({ mode }) => mode !== 'arrived');
    this.buttonsDown = new Map(buttonsDown);
    this.presses = [...presses];
  }

  /** One step that ends at `world.now`. */
  step(world: World, epochMs: number): void {
    const now = world.now;
    while (this.next < this.due.length && this.due[this.next]!.walk.departS <= now) {
      const p = Object.assign(this.due[this.next++]!, { leg: 0, mode: 'walking', began: 0, holds: 0, waited: 0, arrival: -1 } as const);
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
        p.began = now;
        this.hold(world, p, leg, now);
      } else p.waited += world.stepS;
    } else if (p.mode === 'crossing' && leg) {
      this.hold(world, p, leg, now);
      if (now < p.until) return;
      p.leg++;
      p.mode = 'walking';
      p.until = now + (p.legs[p.leg]?.approachM ?? p.lastM) / WALKING_MPS;
    }
  }

  /** Keeps vehicles off whose paths somebody on the crossing is about to meet. */
  private hold(world: World, p: Pedestrian, leg: Leg, now: number): void {
    const walked = (now - p.began) * WALKING_MPS;
    leg.crossing.links.forEach(({ link, atM }, i) => {
      const ahead = (leg.forward ? atM : leg.crossing.lengthM - atM) - walked;
      const inWay = ahead <= CROSSING_GAP_M && ahead > -PASSED_M && now < p.until ? 1 << i : 0;
      if ((p.holds & (1 << i)) === inWay) return;
      p.holds ^= 1 << i;
      world.linkPedestrians[link]! += inWay === 0 ? -1 : 1;
    });
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

  /** Everybody has arrived. */
  isEmpty(): boolean {
    return this.next === this.due.length && this.walking.length === 0;
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
      links: (linksOver.get(c.crossing) ?? []).map((link) => ({ link, atM: meetingPlace(street, edge.lanes[0]!, link) })),
    });
  }
  return places;
};

/** Where on the axis of a crossing the path of a link comes nearest to it, m from the crossing's begin. */
const meetingPlace = (street: Street, crossing: NetworkLane, link: number): number => {
  const path = [street.linkVia[link]!, street.linkSecondVia[link]!].flatMap((lane) => (lane < 0 ? [] : [...street.laneShapes[lane]!]));
  const axis = samplePath(emptyPath(), crossing.shape, crossing.lengthM);
  const way = samplePath(emptyPath(), path, street.linkLength[link]!);
  let [nearest, found] = [Infinity, 0];
  for (let i = 0; i < axis.size; i += 2)
    for (let k = 0; k < way.size; k += 2) {
      const distance = Math.hypot(axis.points[i]! - way.points[k]!, axis.points[i + 1]! - way.points[k + 1]!);
      if (distance < nearest) [nearest, found] = [distance, i];
    }
  return (crossing.lengthM * found) / (axis.size - 2);
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

/** A crossing on somebody's way, and the edge it is reached from. */
interface CrossingStep {
  readonly id: string;
  readonly from: string;
}

/** Shortest chain of walking areas and crossings between two edges of one node. */
const findCrossingsBetween = (network: Network, adjacency: Map<string, string[]>, from: string, to: string): CrossingStep[] => {
  const cameFrom = new Map<string, string>([[from, '']]);
  const open = [from];
  for (let at = open.shift(); at !== undefined && at !== to; at = open.shift())
    for (const next of adjacency.get(at) ?? []) {
      if (cameFrom.has(next) || (next !== to && network.edges.get(next)?.kind === 'normal')) continue;
      cameFrom.set(next, at);
      open.push(next);
    }
  const crossings: CrossingStep[] = [];
  if (!cameFrom.has(to)) return crossings;
  for (let at = to; at !== ''; at = cameFrom.get(at)!)
    if (network.edges.get(at)?.kind === 'crossing') crossings.unshift({ id: at, from: cameFrom.get(at)! });
  return crossings;
};

const planWalk = (
  network: Network,
  adjacency: Map<string, string[]>,
  places: Map<string, CrossingPlace>,
  ends: ReadonlySet<string>,
  walk: Walk,
): { legs: Leg[]; lastM: number } => {
  const legs: Leg[] = [];
  let sinceCrossing = 0;
  walk.edges.forEach((id, i) => {
    const edge = network.edges.get(id);
    const named = places.get(id);
    const over = named
      ? [{ id, from: walk.edges[i - 1] ?? '' }]
      : i > 0
        ? findCrossingsBetween(network, adjacency, walk.edges[i - 1]!, id)
        : [];
    for (const step of over) {
      if (legs.at(-1)?.crossing.id === step.id && sinceCrossing === 0) continue;
      // The network leads from a crossing to the walking area at its end.
      const forward = !ends.has(`${step.id} ${step.from}`);
      legs.push({ approachM: sinceCrossing, crossing: places.get(step.id)!, forward });
      sinceCrossing = 0;
    }
    if (!named) sinceCrossing += edge?.lanes[0]?.lengthM ?? 0;
  });
  return { legs, lastM: sinceCrossing };
};
