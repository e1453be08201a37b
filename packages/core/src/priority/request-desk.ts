import type { SignalEvent } from '../controller/controller.ts';
import { isGreen } from '../controller/lamp.ts';
import type { SignalGroupId } from '../ids.ts';
import type { Site } from '../intersection/site.ts';
import type { Timeline } from '../plan/timeline.ts';
import { after, seconds, type Instant } from '../time.ts';
import { conditionUnmet, priorityWeight, type PriorityPolicy } from './policy.ts';
import { PRIORITY_EVENT } from './priority-events.ts';
import { mayPreempt, type ActiveRequest, type PriorityRequest, type RequestId, type RequestStatus } from './priority-request.ts';

/** NTCIP 1211: a request that is not updated is forgotten. */
export const REQUEST_LIFE = seconds(8);
/** Many at once are solved together; more than these at one junction are not plausible. */
export const MOST_REQUESTS = 16;
/** Further ahead nothing can be planned for anybody. */
const FORESIGHT = seconds(120);
/** How long after its latest arrival, in green, a vehicle still needs to pass. */
const PASSAGE = seconds(6);

/** One request in hand. */
export interface HeldRequest {
  readonly request: PriorityRequest;
  readonly policy: PriorityPolicy;
  readonly status: RequestStatus;
  /** Why it has this status, in a stable code. */
  readonly reason: string;
  readonly since: Instant;
  /** When it was first said to come at the earliest: from then on it is in the way. */
  readonly dueAt: Instant;
  readonly updatedAt: Instant;
  /** When it was first granted. */
  readonly grantedAt?: Instant;
  /** It was granted its green only after the vehicle may have arrived. */
  readonly late: boolean;
}

/** The requests of one junction: plain immutable data. */
export interface RequestDesk {
  readonly held: readonly HeldRequest[];
  readonly lockedUntil: Instant;
  readonly reserviceUntil: readonly { readonly group: SignalGroupId; readonly until: Instant }[];
}

export const openDesk = (): RequestDesk => ({ held: [], lockedUntil: 0 as Instant, reserviceUntil: [] });

/** How a request ended. */
export type RequestEnd = 'checked-out' | 'cancelled' | 'expired' | 'refused';

export type DeskInput =
  /** New, or an update of the same id by the same requester. */
  | { readonly kind: 'request'; readonly request: PriorityRequest; readonly policy: PriorityPolicy }
  | { readonly kind: 'cancel'; readonly id: RequestId; readonly requester: string }
  /** The vehicle was seen beyond the stop line. */
  | { readonly kind: 'passed'; readonly id: RequestId }
  /** A second of the street: what the groups show by the plan in force, and whether a preemption has the junction. */
  | { readonly kind: 'street'; readonly timeline: Timeline; readonly preempted: boolean; readonly exhausted?: ReadonlySet<RequestId> };

export type DeskEffect =
  | { readonly kind: 'status'; readonly id: RequestId; readonly requester: string; readonly status: RequestStatus; readonly reason: string }
  | { readonly kind: 'closed'; readonly held: HeldRequest; readonly end: RequestEnd; readonly at: Instant }
  | { readonly kind: 'event'; readonly event: SignalEvent };

export interface DeskStep {
  readonly desk: RequestDesk;
  readonly effects: readonly DeskEffect[];
}

const statusEffect = ({ request, status, reason }: HeldRequest): DeskEffect => ({
  kind: 'status',
  id: request.id,
  requester: request.requester,
  status,
  reason,
});

const eventEffect = (site: Site, at: Instant, code: number, group: SignalGroupId): DeskEffect => ({
  kind: 'event',
  event: { junction: site.id, at, code, parameter: site.groups.findIndex(({ id }) => id === group) + 1 },
});

/** What is wrong with a request by itself. */
const faultOf = (site: Site, desk: RequestDesk, now: Instant, request: PriorityRequest): string | undefined => {
  const holder = desk.held.find((held) => held.request.id === request.id);
  if (holder !== undefined && holder.request.requester !== request.requester) return 'duplicate-id';
  if (request.junction !== site.id || !site.groups.some(({ id, kind }) => id === request.group && kind !== 'pedestrian'))
    return 'unknown-approach';
  if (!site.movements.some(({ group, fromLane }) => group === request.group && fromLane === request.lane)) return 'unknown-lane';
  if (request.arrival.latest < request.arrival.earliest) return 'arrival-backwards';
  if (request.arrival.earliest - now > 2 * FORESIGHT) return 'too-far-ahead';
  if (holder === undefined && desk.held.length >= MOST_REQUESTS) return 'too-many-requests';
  return undefined;
};

/** What holds a request that is right in itself back for the moment. */
const hindrance = (desk: RequestDesk, now: Instant, held: HeldRequest): Pick<HeldRequest, 'status' | 'reason'> => {
  const { request, policy } = held;
  const unmet = conditionUnmet(policy, request);
  if (unmet !== undefined) return { status: 'rejected', reason: unmet };
  if (now - Math.max(held.since, held.dueAt) > policy.maxPresence) return { status: 'maxPresence', reason: 'max-presence' };
  if (held.grantedAt === undefined && desk.lockedUntil > now) return { status: 'reserviceLocked', reason: 'lockout' };
  if (held.grantedAt === undefined && desk.reserviceUntil.some(({ group, until }) => group === request.group && until > now))
    return { status: 'reserviceLocked', reason: 'reservice' };
  if (request.arrival.earliest - now > FORESIGHT) return { status: 'requested', reason: 'too-early' };
  return { status: 'processing', reason: 'weighed' };
};

const take = (site: Site, desk: RequestDesk, now: Instant, request: PriorityRequest, policy: PriorityPolicy): DeskStep => {
  const fault = faultOf(site, desk, now, request);
  if (fault !== undefined)
    return {
      desk,
      effects: [{ kind: 'status', id: request.id, requester: request.requester, status: 'rejected', reason: fault }],
    };
  const before = desk.held.find((held) => held.request.id === request.id);
  const fresh: HeldRequest = {
    ...(before ?? { since: now, dueAt: request.arrival.earliest, late: false, status: 'requested', reason: 'received' }),
    request,
    policy,
    updatedAt: now,
  };
  const decided = { ...fresh, ...hindrance(desk, now, fresh) };
  // What the plan in force gave is only taken back by the street's next second.
  const held =
    before?.status === 'granted' && decided.status === 'processing'
      ? { ...decided, status: before.status, reason: before.reason }
      : decided;
  const effects: DeskEffect[] = [];
  if (before === undefined) effects.push(eventEffect(site, now, PRIORITY_EVENT.checkIn, request.group));
  if (before?.status !== held.status || before.reason !== held.reason) effects.push(statusEffect(held));
  return { desk: { ...desk, held: [...desk.held.filter((other) => other !== before), held] }, effects };
};

const close = (site: Site, desk: RequestDesk, now: Instant, held: HeldRequest, end: RequestEnd): DeskStep => {
  const { request, policy, grantedAt } = held;
  const effects: DeskEffect[] = [];
  if (end === 'checked-out') effects.push(eventEffect(site, now, PRIORITY_EVENT.checkOut, request.group));
  if (grantedAt !== undefined) effects.push(eventEffect(site, now, PRIORITY_EVENT.serviceEnd, request.group));
  effects.push({ kind: 'closed', held, end, at: now });
  const rest = { ...desk, held: desk.held.filter((other) => other !== held) };
  if (grantedAt === undefined) return { desk: rest, effects };
  return {
    desk: {
      ...rest,
      lockedUntil: Math.max(rest.lockedUntil, after(now, policy.lockout)) as Instant,
      reserviceUntil: [
        ...rest.reserviceUntil.filter(({ group, until }) => group !== request.group && until > now),
        { group: request.group, until: after(now, policy.reservice) },
      ],
    },
    effects,
  };
};

/** The part of the group's greens that meets the arrival, up to `PASSAGE` after it: none, some, or from before the earliest arrival on. */
const greenMeets = (timeline: Timeline, now: Instant, { group, arrival }: PriorityRequest): 'no' | 'late' | 'in-time' => {
  const greens = (timeline.get(group) ?? []).filter(({ lamp, to }) => isGreen(lamp) && to > now);
  const met = greens.find(({ from, to }) => to > arrival.earliest && from <= after(arrival.latest, PASSAGE));
  if (met === undefined) return 'no';
  return met.from <= Math.max(arrival.earliest, now) ? 'in-time' : 'late';
};

/** It has had green long enough behind its latest arrival: gone, though nobody saw it. */
const surelyPassed = (timeline: Timeline, now: Instant, { group, arrival }: PriorityRequest): boolean =>
  (timeline.get(group) ?? []).some(
    ({ lamp, from, to }) => isGreen(lamp) && from <= now && to > now && now - Math.max(from, arrival.latest) > 4 * PASSAGE,
  );

const follow = (
  site: Site,
  now: Instant,
  input: Extract<DeskInput, { kind: 'street' }>,
  held: HeldRequest,
  desk: RequestDesk,
): [HeldRequest, DeskEffect[]] => {
  const { timeline, preempted, exhausted } = input;
  const { request } = held;
  let next: HeldRequest = { ...held, ...hindrance(desk, now, held) };
  const effects: DeskEffect[] = [];
  if (next.status === 'processing' && preempted && !mayPreempt(request.vehicleClass))
    next = { ...next, status: 'watchOtherTraffic', reason: 'preempted' };
  else if (next.status === 'processing' && exhausted?.has(request.id)) next = { ...next, status: 'watchOtherTraffic', reason: 'cost-cap' };
  else if (next.status === 'processing') {
    const meets = greenMeets(timeline, now, request);
    if (meets !== 'no') {
      next = { ...next, status: 'granted', reason: meets === 'late' ? 'green-after-arrival' : 'green-at-arrival' };
      if (held.grantedAt === undefined) {
        const lamp = timeline.get(request.group)?.find(({ from, to }) => from <= now && to > now)?.lamp ?? 'red';
        next = { ...next, grantedAt: now, late: meets === 'late' };
        effects.push(eventEffect(site, now, PRIORITY_EVENT.serviceStart, request.group));
        effects.push(eventEffect(site, now, isGreen(lamp) ? PRIORITY_EVENT.extendGreen : PRIORITY_EVENT.earlyGreen, request.group));
      }
    }
  }
  if (next.status !== held.status || next.reason !== held.reason) effects.push(statusEffect(next));
  return [next, effects];
};

const watchStreet = (site: Site, desk: RequestDesk, now: Instant, input: Extract<DeskInput, { kind: 'street' }>): DeskStep => {
  let next = desk;
  const effects: DeskEffect[] = [];
  for (const held of desk.held) {
    const end =
      now - held.updatedAt > REQUEST_LIFE ? 'expired' : surelyPassed(input.timeline, now, held.request) ? 'checked-out' : undefined;
    if (end !== undefined) {
      const closed = close(site, next, now, held, end);
      next = closed.desk;
      effects.push(...closed.effects);
      continue;
    }
    const [followed, more] = follow(site, now, input, held, next);
    next = { ...next, held: next.held.map((other) => (other === held ? followed : other)) };
    effects.push(...more);
  }
  return { desk: next, effects };
};

/** One input to a junction's requests. */
export const stepDesk = (site: Site, desk: RequestDesk, now: Instant, input: DeskInput): DeskStep => {
  if (input.kind === 'request') return take(site, desk, now, input.request, input.policy);
  if (input.kind === 'street') return watchStreet(site, desk, now, input);
  const held = desk.held.find(({ request }) => request.id === input.id);
  if (held === undefined || (input.kind === 'cancel' && held.request.requester !== input.requester)) return { desk, effects: [] };
  return close(site, desk, now, held, input.kind === 'cancel' ? 'cancelled' : 'checked-out');
};

/** What the optimizer weighs now: the requests that nothing holds back. Emergency vehicles are not weighed; they preempt. */
export const activeRequests = (desk: RequestDesk): readonly ActiveRequest[] =>
  desk.held.flatMap(({ request, policy, status }): readonly ActiveRequest[] =>
    (status === 'processing' || status === 'granted') && !mayPreempt(request.vehicleClass)
      ? [
          {
            id: request.id,
            group: request.group,
            lane: request.lane,
            ...request.arrival,
            ...(request.queuedM === undefined ? {} : { queuedM: request.queuedM }),
            weight: priorityWeight(policy, request),
            measures: policy.measures,
            costCapPersonS: policy.costCapPersonS,
          },
        ]
      : [],
  );
