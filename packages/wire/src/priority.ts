import {
  accept,
  instant,
  junctionId,
  laneId,
  milliseconds,
  requestId,
  type ArrivalInterval,
  type Duration,
  type Instant,
  type JunctionId,
  type LaneId,
  type PriorityClass,
  type RequestId,
  type RequestStatus,
  type Result,
} from '@songxanh/core';
import { priorityClasses, requestStatuses } from './enums.ts';
import type { PriorityRequestMessage, PriorityStatusMessage, VehiclePositionMessage } from './messages.ts';
import { isWhole, malformed } from './parsing.ts';

/** A request as it comes: its lanes are not yet a signal group, and who sent it is not its own word. */
export interface AskedPriority {
  readonly id: RequestId;
  readonly junction: JunctionId;
  readonly vehicle: string;
  readonly vehicleClass: PriorityClass;
  readonly laneIn: LaneId;
  readonly laneOut: LaneId | undefined;
  readonly arrival: ArrivalInterval;
  readonly persons: number;
  readonly line: string | undefined;
  readonly stop: string | undefined;
  readonly lateness: Duration | undefined;
}

/** Longest id that is kept and logged. */
const MOST_CHARACTERS = 100;
/** More is no vehicle on a street. */
const MOST_PERSONS = 500;

const isName = (text: unknown): text is string => typeof text === 'string' && text !== '' && text.length <= MOST_CHARACTERS;
const optional = (text: string): string | undefined => (text === '' ? undefined : text);

export const parsePriorityRequest = (m: PriorityRequestMessage): Result<AskedPriority> => {
  if (!isName(m.id)) return malformed('request: id', m.id, `an id of at most ${String(MOST_CHARACTERS)} characters`);
  const where = `request ${m.id}`;
  for (const [field, value] of [
    ['junction', m.junction],
    ['vehicle', m.vehicle],
    ['lane_in', m.laneIn],
  ] as const)
    if (!isName(value)) return malformed(`${where}: ${field}`, value, 'an id');
  const vehicleClass = priorityClasses.nameOf(m.vehicleClass);
  if (vehicleClass === undefined) return malformed(`${where}: vehicle_class`, m.vehicleClass, 'a PriorityClass');
  if (!isWhole(m.earliestMs) || m.earliestMs <= 0)
    return malformed(`${where}: earliest_ms`, m.earliestMs, 'whole milliseconds of street time');
  if (!isWhole(m.latestMs) || m.latestMs < m.earliestMs) return malformed(`${where}: latest_ms`, m.latestMs, 'no earlier than earliest_ms');
  if (!isWhole(m.persons) || m.persons > MOST_PERSONS || m.persons < 0)
    return malformed(`${where}: persons`, m.persons, `0 to ${String(MOST_PERSONS)}`);
  if (m.latenessMs !== undefined && !isWhole(m.latenessMs)) return malformed(`${where}: lateness_ms`, m.latenessMs, 'whole milliseconds');
  const laneOut = optional(m.laneOut);
  return accept({
    id: requestId(m.id),
    junction: junctionId(m.junction),
    vehicle: m.vehicle,
    vehicleClass,
    laneIn: laneId(m.laneIn),
    laneOut: laneOut === undefined ? undefined : laneId(laneOut),
    arrival: { earliest: instant(m.earliestMs), latest: instant(m.latestMs) },
    persons: m.persons,
    line: optional(m.line),
    stop: optional(m.stop),
    lateness: m.latenessMs === undefined ? undefined : milliseconds(m.latenessMs),
  });
};

export const encodePriorityRequest = (asked: AskedPriority): PriorityRequestMessage => ({
  id: asked.id,
  junction: asked.junction,
  vehicle: asked.vehicle,
  vehicleClass: priorityClasses.codeOf(asked.vehicleClass),
  laneIn: asked.laneIn,
  laneOut: asked.laneOut ?? '',
  earliestMs: asked.arrival.earliest,
  latestMs: asked.arrival.latest,
  persons: asked.persons,
  line: asked.line ?? '',
  stop: asked.stop ?? '',
  ...(asked.lateness === undefined ? {} : { latenessMs: asked.lateness }),
});

/** Where a vehicle was, in its own words. */
export interface VehiclePosition {
  readonly vehicle: string;
  readonly line: string | undefined;
  readonly trip: string | undefined;
  readonly lon: number;
  readonly lat: number;
  readonly at: Instant;
  readonly persons: number | undefined;
}

export const parseVehiclePosition = (m: VehiclePositionMessage): Result<VehiclePosition> => {
  if (!isName(m.vehicle)) return malformed('position: vehicle', m.vehicle, 'an id');
  const where = `position of ${m.vehicle}`;
  if (!(Math.abs(m.lonDeg) <= 180)) return malformed(`${where}: lon_deg`, m.lonDeg, '-180 to 180');
  if (!(Math.abs(m.latDeg) <= 90)) return malformed(`${where}: lat_deg`, m.latDeg, '-90 to 90');
  if (!isWhole(m.atMs) || m.atMs <= 0) return malformed(`${where}: at_ms`, m.atMs, 'whole milliseconds of street time');
  if (!isWhole(m.persons) || m.persons < 0 || m.persons > MOST_PERSONS)
    return malformed(`${where}: persons`, m.persons, `0 to ${String(MOST_PERSONS)}`);
  return accept({
    vehicle: m.vehicle,
    line: optional(m.line),
    trip: optional(m.trip),
    lon: m.lonDeg,
    lat: m.latDeg,
    at: instant(m.atMs),
    persons: m.persons === 0 ? undefined : m.persons,
  });
};

export const encodeVehiclePosition = (p: VehiclePosition): VehiclePositionMessage => ({
  vehicle: p.vehicle,
  line: p.line ?? '',
  trip: p.trip ?? '',
  lonDeg: p.lon,
  latDeg: p.lat,
  atMs: p.at,
  persons: p.persons ?? 0,
});

/** What a requester is told. */
export interface PriorityStatus {
  readonly id: string;
  readonly junction: string;
  readonly status: RequestStatus;
  /** A stable code. */
  readonly reason: string;
  readonly at: Instant;
}

export const encodePriorityStatus = (s: PriorityStatus): PriorityStatusMessage => ({
  id: s.id,
  junction: s.junction,
  status: requestStatuses.codeOf(s.status),
  reason: s.reason,
  atMs: s.at,
});

export const parsePriorityStatus = (m: PriorityStatusMessage): Result<PriorityStatus> => {
  const status = requestStatuses.nameOf(m.status);
  if (status === undefined) return malformed(`status of ${m.id}`, m.status, 'a PriorityStatusCode');
  return accept({ id: m.id, junction: m.junction, status, reason: m.reason, at: instant(m.atMs) });
};
