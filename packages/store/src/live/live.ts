import type { Instant, JunctionId, LaneInflow, Result } from '@songxanh/core';
import type { EmergencyView, LiveKpis, PriorityAsk, TransitVehicle } from '@songxanh/wire';
import type { Channel } from '../keys.ts';
import type { Store } from '../store.ts';

/** Publishes a value to whoever listens now; nobody listening is no fault. */
export const publishLive = (store: Store, channel: Channel, value: unknown): Promise<Result<number>> =>
  store.attempt((client) => client.publish(channel, JSON.stringify(value)));

/** Listens until the store is closed, through every loss of the connection. */
export const subscribeLive = (store: Store, channel: Channel, listener: (value: unknown) => void): void => {
  const subscriber = store.openSubscriber();
  const listen = async (): Promise<void> => {
    // Resolves at the first connection, however late; the client itself subscribes again after each later loss.
    await subscriber.connect();
    await subscriber.subscribe(channel, (text) => {
      listener(JSON.parse(text));
    });
  };
  listen().catch(() => undefined);
};

/** What the street publishes after each step on `channels.street`, and a comparison street on `channels.comparison` (its `vehicles` stay empty). */
export interface StreetMessage {
  /** Street time, ms. */
  readonly at: number;
  /** Six whole numbers per vehicle: number, x and y in the network's plane (cm), heading (degrees clockwise from north), index into `VEHICLE_CLASSES`, speed (dm/s). */
  readonly vehicles: readonly number[];
  /** Standing vehicles per lane that has any. */
  readonly queues: Readonly<Record<string, number>>;
  readonly kpis: LiveKpis;
}

/** What the gateway publishes on `channels.closures`, once a second: who comes late hears it too. */
export interface ClosuresMessage {
  /** Edges and lanes that works close now. */
  readonly closed: readonly string[];
}

/** What the priority service publishes on `channels.priority`, once a second of street time. */
export interface PriorityMessage {
  readonly at: number;
  readonly transit: readonly TransitVehicle[];
  readonly asks: readonly PriorityAsk[];
  readonly emergencies: readonly EmergencyView[];
}

/** What an optimizer publishes on `channels.outflow` of a junction whose traffic arrives at junctions of other optimizers. */
export interface ToldOutflow {
  readonly junction: JunctionId;
  /** Of the observation it follows from. */
  readonly at: Instant;
  readonly outflow: readonly LaneInflow[];
}
