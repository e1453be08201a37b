import type { JunctionId, LaneId, SignalGroupId } from '../ids.ts';
import type { Duration, Instant } from '../time.ts';
import type { PriorityMeasure } from './measure.ts';

/** Unique per junction; the requester's own name for it. */
export type RequestId = string & { readonly __id: 'Request' };
export const requestId = (s: string): RequestId => s as RequestId;

/** SAE J2735 PrioritizationResponseStatus, in its own spelling: it goes out to requesters. */
export const REQUEST_STATUSES = [
  'requested',
  'processing',
  'watchOtherTraffic',
  'granted',
  'rejected',
  'maxPresence',
  'reserviceLocked',
] as const;
export type RequestStatus = (typeof REQUEST_STATUSES)[number];

/** Transit, and the vehicles that Vietnamese law lets pass first: fire, military and police on duty with convoys, ambulances, dyke and disaster relief. */
export const PRIORITY_CLASSES = ['transit', 'fire', 'military', 'police', 'ambulance', 'disaster-relief'] as const;
export type PriorityClass = (typeof PRIORITY_CLASSES)[number];

/** Only these may take the right of way; everybody else asks for it. */
export const mayPreempt = (vehicleClass: PriorityClass): boolean => vehicleClass !== 'transit';

/** When a vehicle reaches the stop line if no signal holds it: an interval, because feeds are late and dwells vary. */
export interface ArrivalInterval {
  readonly earliest: Instant;
  readonly latest: Instant;
}

/** How a transit vehicle stands against its timetable; absent where that is not known. */
export interface ServiceStanding {
  /** Negative when early. */
  readonly lateness?: Duration;
  /** Time since the vehicle before it at the same place / the scheduled time between them; 1 = regular. */
  readonly headwayRatio?: number;
}

/** What a vehicle asks of one junction (NTCIP 1211, SAE J2735 SRM). */
export interface PriorityRequest {
  readonly id: RequestId;
  readonly junction: JunctionId;
  /** Who sent it: a client of the service. */
  readonly requester: string;
  readonly vehicle: string;
  readonly vehicleClass: PriorityClass;
  readonly group: SignalGroupId;
  readonly lane: LaneId;
  readonly arrival: ArrivalInterval;
  /** Where it stands in the queue: so far before the stop line. */
  readonly queuedM?: number;
  readonly persons: number;
  readonly line?: string;
  /** The last stop before the junction. */
  readonly stop?: string;
  readonly standing: ServiceStanding;
}

/** A request as the optimizer weighs it. */
export interface ActiveRequest {
  readonly id: RequestId;
  readonly group: SignalGroupId;
  readonly lane: LaneId;
  /** At the stop line, if no signal held it; in the past for a vehicle that waits there. */
  readonly earliest: Instant;
  readonly latest: Instant;
  /** Where it stands in the queue: so far before the stop line. */
  readonly queuedM?: number;
  /** What a second of its delay is worth, person-seconds per second, beyond what detectors see of it. */
  readonly weight: number;
  /** How it may be served; in any way when absent. */
  readonly measures?: readonly PriorityMeasure[];
  /** What it may cost all others by its running comparison, person-seconds; it weighs nothing from then on. */
  readonly costCapPersonS?: number;
}
