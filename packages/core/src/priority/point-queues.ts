import { isGreen, type LampState } from '../controller/lamp.ts';
import type { JunctionDemand, LaneDemand } from '../demand/demand.ts';
import type { LaneId, MovementId, SignalGroupId } from '../ids.ts';
import type { Site } from '../intersection/site.ts';
import type { Instant } from '../time.ts';
import type { ActiveRequest, RequestId } from './priority-request.ts';

/** Traffic at a stop line; a request's vehicle takes part without discharge or persons of its own: detectors count it as they count all. */
interface Standing {
  readonly at: Instant;
  readonly pcu: number;
  readonly persons: number;
  readonly group: SignalGroupId | undefined;
  readonly request?: RequestId;
}

interface LaneQueue {
  readonly lane: LaneId;
  readonly waiting: readonly Standing[];
  /** When the stop line is free for the next, ms. */
  readonly freeAt: number;
  /** Owed to each movement of the lane, where arrivals do not say their turn. */
  readonly owed: readonly number[];
}

/** Vertical queues of a junction, and what has been waited in them. Plain immutable data. */
export interface PointQueues {
  readonly lanes: readonly LaneQueue[];
  readonly walkers: readonly { readonly group: SignalGroupId; readonly since: Instant; readonly persons: number }[];
  /** Person-seconds by lane and by pedestrian group. */
  readonly waited: ReadonlyMap<string, number>;
  /** Seconds lost by request, in its stop too. */
  readonly requestWaitedS: ReadonlyMap<RequestId, number>;
}

/** From the begin of green to the first departure (SUMO: 1.4 s). */
const START_UP_MS = 1500;
/** Who is held less than this has slowed down, not stopped. */
const SLOWED_MS = 1500;
/** What a stop costs a bus beside the waiting: v/2 · (1/a + 1/b) at 13.9 m/s with 1.2 m/s² and 4.5 m/s². */
const STOP_LOSS_S = 7;
/** A green that yields discharges this part of the saturation flow: the gaps of an opposing stream at half its capacity. */
const PERMISSIVE_SHARE = 0.4;

const groupOf = (site: Site, lane: LaneDemand, movement: MovementId | undefined, owed: number[]): SignalGroupId | undefined => {
  let wanted = movement;
  const shares = lane.turnShares ?? [];
  if (wanted === undefined && shares.length > 0) {
    let most = 0;
    shares.forEach(({ share }, i) => {
      owed[i] = (owed[i] ?? 0) + share;
      if (owed[i] > owed[most]!) most = i;
    });
    owed[most]! -= 1;
    wanted = shares[most]!.movement;
  }
  return (site.movements.find(({ id }) => id === wanted) ?? site.movements.find(({ fromLane }) => fromLane === lane.lane))?.group;
};

/** The lanes' traffic that comes in (from, to]. */
const come = (site: Site, queues: readonly LaneQueue[], demand: JunctionDemand, from: number, to: Instant): readonly LaneQueue[] =>
  demand.lanes.map((lane): LaneQueue => {
    const before = queues.find((queue) => queue.lane === lane.lane) ?? { lane: lane.lane, waiting: [], freeAt: 0, owed: [] };
    const owed = [...before.owed];
    const fresh = lane.arrivals
      .filter(({ at }) => at > from && at <= to)
      .map(({ at, pcu, persons, movement }): Standing => ({ at, pcu, persons, group: groupOf(site, lane, movement, owed) }));
    return { ...before, waiting: [...before.waiting, ...fresh], owed };
  });

/** The queues as the demand knows them. */
export const openQueues = (site: Site, demand: JunctionDemand, now: Instant): PointQueues => ({
  lanes: come(site, [], demand, -Infinity, now),
  walkers: demand.pedestrians.filter(({ since }) => since <= now),
  waited: new Map(),
  requestWaitedS: new Map(),
});

/** Vehicles of requests join their lane. */
export const joinQueues = (
  queues: PointQueues,
  requests: readonly ActiveRequest[],
  at: (request: ActiveRequest) => Instant,
): PointQueues => ({
  ...queues,
  lanes: queues.lanes.map((queue) => {
    const joining = requests.filter(({ lane }) => lane === queue.lane);
    if (joining.length === 0) return queue;
    const fresh = joining.map((request): Standing => ({ at: at(request), pcu: 0, persons: 0, group: request.group, request: request.id }));
    return { ...queue, waiting: [...queue.waiting, ...fresh].sort((a, b) => a.at - b.at) };
  }),
});

const discharge = (queue: LaneQueue, saturationPcuPerS: number, lamps: ReadonlyMap<SignalGroupId, LampState>, now: Instant): LaneQueue => {
  let { freeAt } = queue;
  let gone = 0;
  for (const { at, pcu, group } of queue.waiting) {
    const lamp = group === undefined ? undefined : lamps.get(group);
    if (lamp === undefined || !isGreen(lamp.lamp)) break;
    const leaves = Math.max(at, freeAt, lamp.since + START_UP_MS);
    if (leaves > now) break;
    freeAt = leaves + (pcu * 1000) / (saturationPcuPerS * (lamp.lamp === 'permissive' ? PERMISSIVE_SHARE : 1));
    gone++;
  }
  return gone === 0 ? queue : { ...queue, waiting: queue.waiting.slice(gone), freeAt };
};

/** One step of the street under these lamps. `demand` is the picture of the step before: its arrivals up to `now` come. */
export const stepQueues = (
  site: Site,
  queues: PointQueues,
  step: { readonly from: Instant; readonly now: Instant; readonly demand: JunctionDemand; readonly lamps: readonly LampState[] },
): PointQueues => {
  const { from, now, demand } = step;
  const lamps = new Map(step.lamps.map((lamp) => [lamp.group, lamp]));
  const seconds = (now - from) / 1000;
  const waited = new Map(queues.waited);
  const requestWaitedS = new Map(queues.requestWaitedS);
  const wait = (approach: string, personS: number): void => void waited.set(approach, (waited.get(approach) ?? 0) + personS);

  const saturation = new Map(demand.lanes.map((lane) => [lane.lane, lane.saturationPcuPerS]));
  const lanes = come(site, queues.lanes, demand, from, now).map((queue) => discharge(queue, saturation.get(queue.lane) ?? 0.5, lamps, now));
  for (const { lane, waiting } of lanes) {
    const standing = waiting.filter(({ at }) => at < now);
    wait(
      lane,
      standing.reduce((total, { persons, at }) => total + persons * Math.min(seconds, (now - at) / 1000), 0),
    );
    for (const { request, at } of standing) {
      if (request === undefined) continue;
      const stops = now - at > SLOWED_MS && from - at <= SLOWED_MS;
      const lostS = Math.min(seconds, (now - at) / 1000) + (stops ? STOP_LOSS_S : 0);
      requestWaitedS.set(request, (requestWaitedS.get(request) ?? 0) + lostS);
    }
  }

  const isWalking = (group: SignalGroupId): boolean => isGreen(lamps.get(group)?.lamp ?? 'red');
  const walkers = [...queues.walkers, ...demand.pedestrians.filter(({ since }) => since > from && since <= now)].filter(
    ({ group }) => !isWalking(group),
  );
  for (const { group, persons } of walkers) wait(group, persons * seconds);
  return { lanes, walkers, waited, requestWaitedS };
};

/** Whether the request's vehicle stands in these queues. */
export const standsInQueue = (queues: PointQueues, id: RequestId): boolean =>
  queues.lanes.some(({ waiting }) => waiting.some(({ request }) => request === id));

/** The queues and what the real demand foresees behind them, as demand for a planner. */
export const demandOf = (queues: PointQueues, demand: JunctionDemand, now: Instant): JunctionDemand => ({
  ...demand,
  lanes: demand.lanes.map((lane) => {
    const waiting = queues.lanes.find((queue) => queue.lane === lane.lane)?.waiting ?? [];
    return {
      ...lane,
      arrivals: [
        ...waiting.filter(({ request }) => request === undefined).map(({ at, pcu, persons }) => ({ at, pcu, persons, stopped: true })),
        ...lane.arrivals.filter(({ at }) => at > now),
      ],
    };
  }),
  pedestrians: queues.walkers,
});
