import {
  activeRequests,
  arrivalTrust,
  greenIfEntered,
  isGreen,
  mayPreempt,
  NO_PREEMPTION,
  openDesk,
  outranks,
  policyFor,
  projectTimeline,
  queuedCrossingMs,
  queuedDriveMs,
  requestId,
  seconds,
  stepDesk,
  stageServing,
  stepPreemption,
  type DeskInput,
  type Duration,
  type HeldRequest,
  type Instant,
  type JunctionId,
  type Override,
  type PreemptCall,
  type PolicyRule,
  type Preemption,
  type PriorityRequest,
  type Refusal,
  type RequestDesk,
  type RequestId,
  type RequestOutcome,
  type Result,
  type RouteStopLine,
  type SignalEvent,
  type SignalGroupId,
  type Site,
  type Timeline,
} from '@songxanh/core';
import type { JunctionRequests } from '@songxanh/store';
import type { AskedPriority, PriorityStatus, SignalState, VehiclePosition } from '@songxanh/wire';
import type { Client } from '../access/clients.ts';
import type { Waves } from '../emergency/waves.ts';
import type { Approaching, Leaves, TrackedVehicle, Tracker } from '../transit/tracker.ts';

export interface OfficeEvents {
  /** For the client that asked. */
  readonly onStatus: (client: string, status: PriorityStatus) => void;
  /** What the junction's optimizer is to weigh from now on. */
  readonly onRequests: (list: JunctionRequests) => void;
  readonly onEvent: (event: SignalEvent) => void;
  readonly onOutcome: (outcome: RequestOutcome) => void;
  /** Takes an override to the junction in place of the one before, or releases it; tells whether it was accepted there. */
  readonly onPreempt: (junction: JunctionId, override: Omit<Override, 'id'> | undefined, now: Instant) => Promise<Result<unknown>>;
  /** Once for each reason until the junction accepts again; the office itself goes on trying. */
  readonly onPreemptRefused: (junction: JunctionId, refusal: Refusal) => void;
}

export interface OfficeDeps extends OfficeEvents {
  readonly sites: readonly Site[];
  readonly rules: readonly PolicyRule[];
  /** Absent without a timetable. */
  readonly tracker: Tracker | undefined;
  readonly waves: Waves;
}

/** Where all requests lie: one desk and one preemption per junction. Street time is what the junctions' states say. */
export interface Office {
  readonly now: () => Instant | undefined;
  readonly ask: (client: Client, asked: AskedPriority) => PriorityStatus;
  readonly cancel: (client: Client, id: string) => PriorityStatus;
  readonly position: (client: Client, position: VehiclePosition) => PriorityStatus;
  /** A second of a junction. */
  readonly observe: (signals: SignalState) => void;
  /** The optimizer's comparison says that this request has cost the others enough. */
  readonly exhaust: (junction: JunctionId, request: RequestId) => void;
  /** All requests as they stand. */
  readonly held: () => readonly HeldRequest[];
  readonly statuses: (client: Client) => readonly PriorityStatus[];
  /** What a preempting vehicle was told last about a junction. */
  readonly toldTo: (vehicle: string, junction: string) => Pick<PriorityStatus, 'status' | 'reason'> | undefined;
  /** A refusal of any kind, counted by its code. */
  readonly countRefusal: (code: string) => void;
  readonly tally: () => { readonly requests: number; readonly granted: number; readonly refused: Readonly<Record<string, number>> };
}

/** While a group has been red, traffic has come for it: it needs about this part of the red to leave, up to a limit. Nobody here counts queues. */
const QUEUE_PER_RED = 0.4;
const LONGEST_QUEUE = seconds(30);

/** A vehicle that has passed does not come again within this. */
const COMES_BACK = seconds(180);
/** A followed vehicle asks from this trust in its arrival on, and then until there is none: it does not come and go. */
const ASKS_FROM = 0.3;
/** From the begin of green until the first vehicle has crossed, and until one in the queue has; crossing takes somebody who need not stop the least. */
const STARTS = seconds(2);
const GETS_AWAY = seconds(10);
const CROSSES = seconds(3);
/** An override on its way to a junction, or there. */
interface GivenOverride {
  readonly override: Omit<Override, 'id'>;
  /** Whose it is. */
  readonly call: string;
  /** The last one; absent before the first. */
  answer?: Result<unknown>;
  isAsking: boolean;
}

interface Place {
  readonly site: Site;
  desk: RequestDesk;
  preemption: Preemption;
  given: GivenOverride | undefined;
  signals: SignalState | undefined;
  exhausted: Set<RequestId>;
  readonly reds: Map<SignalGroupId, number>;
  /** The list last sent was empty: an empty one more tells nothing. */
  quiet: boolean;
}

export const openOffice = (deps: OfficeDeps): Office => {
  const { sites, rules, tracker, waves } = deps;
  const places = new Map<string, Place>(
    sites.map((site) => [
      site.id,
      {
        ...{ site, desk: openDesk(), preemption: NO_PREEMPTION, given: undefined, signals: undefined },
        ...{ exhausted: new Set(), reds: new Map(), quiet: true },
      },
    ]),
  );
  const refused: Record<string, number> = {};
  const tally = { requests: 0, granted: 0 };
  let now: Instant | undefined;
  /** A client's own id → the id in hand: ids come again, requests do not. */
  const inHand = new Map<
    string,
    { readonly id: RequestId; readonly junction: JunctionId; readonly vehicle: string; readonly own: string; readonly client: string }
  >();
  const ownOf = new Map<RequestId, string>();
  /** By vehicle, junction and group: a late feed shows a vehicle before a signal that it has passed. */
  const passedAt = new Map<string, Instant>();
  /** What each preempting vehicle was told last, by junction. */
  const toldOf = new Map<string, Pick<PriorityStatus, 'status' | 'reason'>>();

  const countRefusal = (code: string): void => {
    refused[code] = (refused[code] ?? 0) + 1;
  };
  const reject = (id: string, junction: string, reason: string): PriorityStatus => {
    countRefusal(reason);
    return { id, junction, status: 'rejected', reason, at: now ?? (0 as Instant) };
  };

  const close = ({ request, grantedAt, late, status }: HeldRequest, end: RequestOutcome['end'], at: Instant): void => {
    const own = ownOf.get(request.id);
    if (own !== undefined) {
      inHand.delete(own);
      ownOf.delete(request.id);
    }
    places.get(request.junction)?.exhausted.delete(request.id);
    if (end === 'checked-out') passedAt.set(`${request.vehicle} ${request.junction} ${request.group}`, at);
    const { id, junction, vehicle, line = '' } = request;
    deps.onOutcome({ request: id, junction, at, line, vehicle, end, status, granted: grantedAt !== undefined, late });
    if (grantedAt !== undefined) tally.granted += 1;
  };

  /** One input to a junction's desk; what comes of it goes where it belongs. The last status is returned. */
  const put = (place: Place, at: Instant, input: DeskInput): PriorityStatus | undefined => {
    const { desk, effects } = stepDesk(place.site, place.desk, at, input);
    place.desk = desk;
    let last: PriorityStatus | undefined;
    for (const effect of effects) {
      if (effect.kind === 'event') deps.onEvent(effect.event);
      else if (effect.kind === 'closed') close(effect.held, effect.end, effect.at);
      else {
        const own = ownOf.get(effect.id);
        const id = own === undefined ? effect.id : (inHand.get(own)?.own ?? effect.id);
        last = { id, junction: place.site.id, status: effect.status, reason: effect.reason, at };
        deps.onStatus(effect.requester, last);
      }
    }
    return last;
  };

  const groupFor = (
    site: Site,
    { laneIn, laneOut }: Pick<AskedPriority, 'laneIn' | 'laneOut'>,
  ): SignalGroupId | 'unknown-approach' | 'ambiguous-approach' => {
    const groups = new Set(
      site.movements
        .filter(({ fromLane, toLane }) => fromLane === laneIn && (laneOut === undefined || toLane === laneOut))
        .map(({ group }) => group),
    );
    const [only] = groups;
    return only === undefined ? 'unknown-approach' : groups.size > 1 ? 'ambiguous-approach' : only;
  };

  const submit = (place: Place, at: Instant, request: PriorityRequest): PriorityStatus | undefined =>
    put(place, at, { kind: 'request', request, policy: policyFor(rules, request) });

  const ask: Office['ask'] = (client, asked) => {
    const place = places.get(asked.junction);
    if (now === undefined || place?.signals === undefined)
      return reject(asked.id, asked.junction, place === undefined ? 'unknown-junction' : 'junction-silent');
    if (!client.classes.includes(asked.vehicleClass)) return reject(asked.id, asked.junction, 'not-authorised');
    const group = groupFor(place.site, asked);
    if (group === 'unknown-approach' || group === 'ambiguous-approach') return reject(asked.id, asked.junction, group);
    const key = `${client.name}\n${asked.id}`;
    const known = inHand.get(key);
    if (known !== undefined && (known.junction !== asked.junction || known.vehicle !== asked.vehicle))
      return reject(asked.id, asked.junction, 'duplicate-id');
    const id = known?.id ?? requestId(`${client.name}/${asked.id}/${String(Math.floor(now / 1000))}`);
    if (known === undefined) {
      inHand.set(key, { id, junction: asked.junction, vehicle: asked.vehicle, own: asked.id, client: client.name });
      ownOf.set(id, key);
    }
    const { junction, vehicle, vehicleClass, arrival, persons, line, stop, lateness, laneIn } = asked;
    const status = submit(place, now, {
      ...{ id, junction, requester: client.name, vehicle, vehicleClass, group, lane: laneIn, arrival, persons },
      ...(line === undefined ? {} : { line }),
      ...(stop === undefined ? {} : { stop }),
      standing: lateness === undefined ? {} : { lateness },
    });
    const held = place.desk.held.find(({ request }) => request.id === id);
    if (held === undefined) {
      inHand.delete(key);
      ownOf.delete(id);
      return reject(asked.id, junction, status?.reason ?? 'rejected');
    }
    if (known === undefined) tally.requests += 1;
    return { id: asked.id, junction, status: held.status, reason: held.reason, at: now };
  };

  const cancel: Office['cancel'] = (client, id) => {
    const known = inHand.get(`${client.name}\n${id}`);
    const place = known === undefined ? undefined : places.get(known.junction);
    if (known === undefined || place === undefined || now === undefined) return reject(id, '', 'unknown-request');
    put(place, now, { kind: 'cancel', id: known.id, requester: client.name });
    return { id, junction: known.junction, status: 'requested', reason: 'cancelled', at: now };
  };

  const position: Office['position'] = (client, told) => {
    if (now === undefined) return reject(told.vehicle, '', 'junction-silent');
    const moved = waves.has(told.vehicle) ? waves.move(client.name, told, now) : tracker?.take(client.name, told, now);
    if (moved === undefined) return reject(told.vehicle, '', 'no-timetable');
    if (!moved.ok) return reject(told.vehicle, '', moved.reason);
    return { id: told.vehicle, junction: '', status: 'processing', reason: 'matched', at: now };
  };

  /** When a vehicle goes on that comes to a stop line in `arrival`, by the plan in force there. */
  const leavesAt = (at: Instant): Leaves => {
    const timelines = new Map<string, Timeline>();
    return ({ junction, group }, arrival, queuedM) => {
      const place = places.get(junction);
      if (place?.signals === undefined) return undefined;
      const { lamps, plan } = place.signals;
      const timeline = timelines.get(junction) ?? projectTimeline(place.site, lamps, plan, plan.until, at);
      timelines.set(junction, timeline);
      const goes = (t: number): number | undefined => {
        const green = timeline.get(group)?.find(({ lamp, to }) => isGreen(lamp) && to > t);
        return green === undefined ? undefined : Math.max(t, green.from);
      };
      const due = Math.max(at, arrival.latest);
      const latest = goes(due);
      if (latest === undefined) return undefined;
      if (queuedM !== undefined && latest > due) {
        const crosses = latest + STARTS + queuedCrossingMs(queuedM);
        // From standing: its mean speed on the way up to the line is half of that at the line.
        const speedMps = (2000 * Math.max(0, queuedM)) / Math.max(1, queuedDriveMs(queuedM));
        return { earliest: crosses as Instant, latest: (crosses + CROSSES) as Instant, earliestMps: speedMps, latestMps: speedMps };
      }
      // What should have come already may have gone already.
      const earliest = arrival.earliest < at ? arrival.earliest : (goes(arrival.earliest) ?? arrival.earliest);
      const isHeld = earliest > arrival.earliest;
      return {
        ...{ earliest: (earliest + (isHeld ? STARTS : 0)) as Instant, earliestMps: isHeld ? 0 : undefined },
        ...{ latest: (latest + (latest > due ? GETS_AWAY : CROSSES)) as Instant, latestMps: undefined },
      };
    };
  };

  /** Who comes to which junction; worked out once for each second of the street. */
  let fleet:
    { readonly at: Instant; readonly coming: ReadonlyMap<string, readonly (readonly [TrackedVehicle, Approaching])[]> } | undefined;
  const comingTo = (junction: JunctionId, at: Instant): readonly (readonly [TrackedVehicle, Approaching])[] => {
    if (tracker === undefined) return [];
    if (fleet?.at !== at) {
      tracker.forget(at);
      const coming = new Map<string, (readonly [TrackedVehicle, Approaching])[]>();
      for (const vehicle of tracker.vehicles())
        for (const approaching of tracker.approaching(vehicle, at, leavesAt(at))) {
          const list = coming.get(approaching.line.junction);
          if (list === undefined) coming.set(approaching.line.junction, [[vehicle, approaching]]);
          else list.push([vehicle, approaching]);
        }
      fleet = { at, coming };
      for (const [key, gone] of passedAt) if (at - gone >= COMES_BACK || gone > at) passedAt.delete(key);
    }
    return fleet.coming.get(junction) ?? [];
  };

  /** Vehicles that are followed ask for themselves, at each junction they come to. */
  const askForFleet = (place: Place, at: Instant): void => {
    for (const [vehicle, approaching] of comingTo(place.site.id, at)) askForVehicle(place, at, vehicle, approaching);
    for (const { request } of place.desk.held) {
      const vehicle = tracker?.find(request.vehicle);
      if (vehicle === undefined || request.requester !== vehicle.client) continue;
      const line = vehicle.pattern.route.stopLines.find((one) => one.junction === place.site.id && one.group === request.group);
      if (line !== undefined && tracker?.hasPassed(vehicle, line) === true) put(place, at, { kind: 'passed', id: request.id });
    }
  };

  const askForVehicle = (
    place: Place,
    at: Instant,
    { vehicle, client, persons, standing, pattern }: TrackedVehicle,
    { line: { junction, group, lane }, arrival, lastStop: stop, queuedM }: Approaching,
  ): void => {
    const held = place.desk.held.find(
      ({ request }) => request.vehicle === vehicle && request.group === group && request.requester === client,
    );
    if (held === undefined) {
      const gone = passedAt.get(`${vehicle} ${junction} ${group}`);
      if (gone !== undefined && at - gone < COMES_BACK) return;
      if (arrivalTrust(arrival.latest - arrival.earliest) < ASKS_FROM) return;
    }
    if (held === undefined) tally.requests += 1;
    const id = held?.request.id ?? requestId(`${vehicle}/${junction}/${String(Math.floor(at / 1000))}`);
    const rest = {
      requester: client,
      vehicle,
      vehicleClass: 'transit',
      group,
      lane,
      arrival,
      persons,
      line: pattern.line,
      standing,
    } as const;
    submit(place, at, { id, junction, ...rest, ...(stop === undefined ? {} : { stop }), ...(queuedM === undefined ? {} : { queuedM }) });
  };

  const queueTimeAt =
    ({ site, reds }: Place, { lamps, plan, at }: SignalState) =>
    ({ group }: RouteStopLine): Duration => {
      const lamp = lamps.find((one) => one.group === group);
      const stage = stageServing(site, [group]);
      if (lamp === undefined || stage === undefined) return seconds(0);
      const needs = (redMs: number): number => Math.min(LONGEST_QUEUE, Math.round(redMs * QUEUE_PER_RED));
      if (isGreen(lamp.lamp)) return Math.max(0, needs(reds.get(group) ?? 0) - (at - lamp.since)) as Duration;
      return needs(greenIfEntered(site, { now: at, lamps, plan }, stage, group, at) - lamp.since) as Duration;
    };

  /** How long each group was red before its present green. */
  const watchReds = ({ reds }: Place, before: SignalState, { lamps, at }: SignalState): void => {
    for (const { group, lamp } of lamps) {
      const was = before.lamps.find((one) => one.group === group);
      if (was !== undefined && isGreen(lamp) && !isGreen(was.lamp)) reds.set(group, at - was.since);
    }
  };

  /** Waves, and emergency vehicles that ask at this junction alone. */
  const callsAt = (place: Place, signals: SignalState): readonly PreemptCall[] => {
    const queueTime = queueTimeAt(place, signals);
    const asking = place.desk.held
      .filter(({ request, status }) => mayPreempt(request.vehicleClass) && (status === 'processing' || status === 'granted'))
      .map(({ request: { id, group, lane, arrival, junction } }): PreemptCall => {
        const line = { junction, group, lane, distanceM: 0 };
        return { id, kind: 'emergency', group, arrival, queueTime: queueTime(line) };
      });
    return [...waves.callsAt(place.site.id, signals.at, queueTime), ...asking];
  };

  /** Tells whoever sent the vehicle, once for each change. */
  const tellCall = (place: Place, call: string, status: PriorityStatus['status'], reason: string): void => {
    const junction = place.site.id;
    const own = inHand.get(ownOf.get(call as RequestId) ?? '');
    const client = own?.client ?? waves.list().find(({ vehicle }) => vehicle === call)?.client;
    const key = `${call} ${junction}`;
    const before = toldOf.get(key);
    if (client === undefined || now === undefined || (before?.status === status && before.reason === reason)) return;
    toldOf.set(key, { status, reason });
    deps.onStatus(client, { id: own?.own ?? call, junction, status, reason, at: now });
  };

  /** A vehicle has what it was given only when the junction's side has accepted it and nobody above has the junction. */
  const tellGiven = (place: Place): void => {
    const { given, signals } = place;
    if (given === undefined) return;
    const { call, answer, override } = given;
    if (answer === undefined) tellCall(place, call, 'processing', 'preemption-asked');
    else if (!answer.ok) tellCall(place, call, 'rejected', answer.reason);
    else if (signals !== undefined && outranks(signals.source, override.source)) tellCall(place, call, 'watchOtherTraffic', signals.source);
    else tellCall(place, call, 'granted', 'preemption');
  };

  const give = (place: Place, given: GivenOverride, at: Instant): void => {
    given.isAsking = true;
    void deps.onPreempt(place.site.id, given.override, at).then((result) => {
      const before = given.answer;
      Object.assign(given, { answer: result, isAsking: false });
      if (!result.ok && (before?.ok !== false || before.reason !== result.reason)) {
        countRefusal(result.reason);
        deps.onPreemptRefused(place.site.id, result);
      }
      if (place.given === given) tellGiven(place);
    });
  };
  const release = (place: Place, at: Instant): void => {
    place.given = undefined;
    void deps.onPreempt(place.site.id, undefined, at).then((result) => {
      if (!result.ok) deps.onPreemptRefused(place.site.id, result);
    });
  };

  const preempt = (place: Place, signals: SignalState): void => {
    const { at, lamps, plan } = signals;
    const junction = place.site.id;
    const { preemption, effects } = stepPreemption(place.site, place.preemption, { now: at, calls: callsAt(place, signals), lamps, plan });
    place.preemption = preemption;
    for (const effect of effects) {
      if (effect.kind === 'event') deps.onEvent(effect.event);
      if (effect.kind === 'give') {
        place.given = { override: effect.override, call: preemption.call?.id ?? '', isAsking: false };
        give(place, place.given, at);
      }
      if (effect.kind === 'release') release(place, at);
      if (effect.kind === 'told') tellCall(place, effect.call, effect.status, 'preemption');
    }
    // A gateway that was away for a second must not cost an ambulance its green.
    if (place.given?.answer?.ok === false && !place.given.isAsking) give(place, place.given, at);
    tellGiven(place);
    if (preemption.phase === 'idle') for (const key of toldOf.keys()) if (key.endsWith(` ${junction}`)) toldOf.delete(key);
  };

  const observe: Office['observe'] = (signals) => {
    const place = places.get(signals.junction);
    if (place === undefined) return;
    const { at } = signals;
    // A street that begins again has other vehicles.
    if (place.signals !== undefined && at < place.signals.at) {
      if (place.given !== undefined) release(place, at);
      Object.assign(place, { desk: openDesk(), preemption: NO_PREEMPTION });
    }
    if (place.signals === undefined || at !== place.signals.at) {
      if (place.signals !== undefined) watchReds(place, place.signals, signals);
      now = place.signals !== undefined && at < place.signals.at ? at : (Math.max(now ?? 0, at) as Instant);
      place.signals = signals;
    }
    if (signals.mode !== 'running') return;
    askForFleet(place, at);
    preempt(place, signals);
    if (place.desk.held.length > 0) {
      const timeline = projectTimeline(place.site, signals.lamps, signals.plan, signals.plan.until, at);
      const preempted = signals.source === 'emergency-preemption' || signals.source === 'rail-preemption';
      put(place, at, { kind: 'street', timeline, preempted, exhausted: place.exhausted });
    }
    const requests = activeRequests(place.desk);
    if (requests.length > 0 || !place.quiet) deps.onRequests({ junction: place.site.id, at, requests });
    place.quiet = requests.length === 0;
  };

  return {
    now: () => now,
    ask,
    cancel,
    position,
    observe,
    exhaust: (junction, request) => places.get(junction)?.exhausted.add(request),
    held: () => [...places.values()].flatMap(({ desk }) => desk.held),
    statuses: (client) =>
      [...places.values()].flatMap(({ desk, site }) =>
        desk.held
          .filter(({ request }) => request.requester === client.name)
          .map(({ request, status, reason, updatedAt }) => {
            const own = ownOf.get(request.id);
            return {
              id: (own === undefined ? undefined : inHand.get(own)?.own) ?? request.id,
              junction: site.id,
              status,
              reason,
              at: updatedAt,
            };
          }),
      ),
    toldTo: (vehicle, junction) => toldOf.get(`${vehicle} ${junction}`),
    countRefusal,
    tally: () => ({ ...tally, refused: { ...refused } }),
  };
};
