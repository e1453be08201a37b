import { accept, instant, refuse, seconds, type Duration, type Instant, type Result } from '@songxanh/core';
import type { VehiclePosition } from '@songxanh/wire';
import bindings from 'gtfs-realtime-bindings';

const { FeedMessage } = bindings.transit_realtime;

/** What one feed message says of vehicles and trips. */
export interface FeedNews {
  /** When the feed was made; undefined where it does not say. */
  readonly madeAt: Instant | undefined;
  readonly positions: readonly VehiclePosition[];
  /** Delay at the next stop by trip. */
  readonly delays: readonly {
    readonly trip: string;
    readonly vehicle: string | undefined;
    readonly delay: Duration;
    readonly at: Instant;
  }[];
  /** Entities that cannot be used: no vehicle, no position, no time. */
  readonly skipped: number;
}

/** Seats and standing places of a city bus (12 m): what a share of occupancy is a share of. */
const BUS_PLACES = 60;

type Long = number | { readonly toNumber: () => number } | null | undefined;
/** POSIX seconds; 0 and absent are the same in these feeds. */
const instantOf = (value: Long): Instant | undefined => {
  const s = typeof value === 'object' && value !== null ? value.toNumber() : (value ?? 0);
  return s > 0 && Number.isSafeInteger(s * 1000) ? instant(s * 1000) : undefined;
};
const nameOf = (text: string | null | undefined): string | undefined => (text === '' || text === null ? undefined : text);

type Entity = InstanceType<typeof FeedMessage>['entity'][number];

const positionOf = ({ vehicle }: Entity, madeAt: Instant | undefined): VehiclePosition | undefined => {
  const id = nameOf(vehicle?.vehicle?.id) ?? nameOf(vehicle?.vehicle?.label) ?? nameOf(vehicle?.trip?.tripId);
  const at = instantOf(vehicle?.timestamp) ?? madeAt;
  const place = vehicle?.position;
  if (id === undefined || at === undefined || !place) return undefined;
  const percentage = vehicle?.occupancyPercentage;
  const told = vehicle !== null && vehicle !== undefined && Object.hasOwn(vehicle, 'occupancyPercentage') && typeof percentage === 'number';
  return {
    vehicle: id,
    line: nameOf(vehicle?.trip?.routeId),
    trip: nameOf(vehicle?.trip?.tripId),
    lon: place.longitude,
    lat: place.latitude,
    at,
    persons: told ? Math.round((percentage / 100) * BUS_PLACES) : undefined,
  };
};

/** The delay a trip update tells of the stop that comes next: the first that is not in the past, else its last. */
const delayOf = ({ tripUpdate: update }: Entity, madeAt: Instant | undefined): FeedNews['delays'][number] | undefined => {
  const trip = nameOf(update?.trip.tripId);
  const at = instantOf(update?.timestamp) ?? madeAt;
  if (!update || trip === undefined || at === undefined) return undefined;
  const told = (update.stopTimeUpdate ?? []).flatMap((stop) => {
    const event = stop.departure ?? stop.arrival;
    return typeof event?.delay === 'number' && Object.hasOwn(event, 'delay') ? [{ delay: event.delay, time: instantOf(event.time) }] : [];
  });
  const next = told.find(({ time }) => time === undefined || time >= at) ?? told.at(-1);
  const delay = next?.delay ?? (Object.hasOwn(update, 'delay') ? update.delay : undefined);
  return typeof delay === 'number' ? { trip, vehicle: nameOf(update.vehicle?.id), delay: seconds(delay), at } : undefined;
};

/** Decodes one GTFS-realtime message. */
export const readFeed = (bytes: Uint8Array): Result<FeedNews> => {
  let message: InstanceType<typeof FeedMessage>;
  try {
    message = FeedMessage.decode(bytes);
  } catch (error) {
    return refuse('malformed-feed', `GTFS-realtime: ${(error as Error).message}: expected a FeedMessage in protobuf`);
  }
  if (Number(message.header.incrementality) !== 0)
    return refuse('unsupported-feed', 'GTFS-realtime: incrementality DIFFERENTIAL: expected FULL_DATASET');
  const madeAt = instantOf(message.header.timestamp);
  const positions: VehiclePosition[] = [];
  const delays: FeedNews['delays'][number][] = [];
  let skipped = 0;
  for (const entity of message.entity) {
    if (entity.isDeleted) continue;
    const position = entity.vehicle ? positionOf(entity, madeAt) : undefined;
    const delay = entity.tripUpdate ? delayOf(entity, madeAt) : undefined;
    if (position !== undefined) positions.push(position);
    if (delay !== undefined) delays.push(delay);
    if (position === undefined && delay === undefined && !entity.alert) skipped += 1;
  }
  return accept({ madeAt, positions, delays, skipped });
};
