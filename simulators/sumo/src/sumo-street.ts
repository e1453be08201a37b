import { after, seconds, type Instant, type JunctionId, type Lamp, type Network, type Site, type VehicleType } from '@songxanh/core';
import { connect, TraciConnectionError, VARIABLE, type ObjectValues, type TraciClient } from '@songxanh/traci';
import { listenToLoops } from './loops.ts';
import { createPushButtons } from './push-buttons.ts';
import { createObserver } from './sightings.ts';
import { createLetters } from './state-letters.ts';
import type { Street, StreetStep } from './street.ts';
import { createVehicleTracker } from './vehicles.ts';

export interface SumoStreetOptions {
  /** Where a SUMO listens that was started with `--remote-port`. */
  readonly host?: string;
  readonly port: number;
  readonly network: Network;
  /** The junctions to be controlled; SUMO's other signals keep their programs. */
  readonly sites: ReadonlyMap<JunctionId, Site>;
  /** Induction loops to listen to. */
  readonly loops: readonly string[];
  /** Whether vehicles and exits are seen. */
  readonly sightings: boolean;
  /** Street time of SUMO's second 0. */
  readonly midnight: Instant;
  /** Last second, exclusive; else SUMO runs until it closes. */
  readonly endS?: number;
  /**
   * Looks on: opened with SUMO's client and its simulation values (time, departed vehicles), called after each step. It may subscribe
   * vehicles only where there are no `sightings`: a vehicle has one subscription.
   */
  readonly watch?: (client: TraciClient, clock: ObjectValues) => Promise<() => Promise<void>>;
  /** Persons and PCU by vType. */
  readonly types?: ReadonlyMap<string, VehicleType>;
  readonly connectRetries?: number;
}

const NOTHING: Pick<StreetStep, 'sightings' | 'exits'> = { sightings: new Map(), exits: new Map() };

/** A real SUMO as the street, in steps of one second. */
export const openSumoStreet = async (options: SumoStreetOptions): Promise<Street> => {
  const { host, port, network, sites, midnight, endS = Infinity } = options;
  const client = await connect({ port, retries: options.connectRetries ?? 240, ...(host === undefined ? {} : { host }) });
  const letters = new Map([...sites].map(([id, site]) => [id, createLetters(site)]));
  const shown = new Map<JunctionId, string>();
  // One subscription for all who need it: a second one of the same object would replace the first.
  const clock = await client.simulation.subscribe([VARIABLE.time, VARIABLE.departedIds, VARIABLE.departedPersonIds]);
  const readLoops = await listenToLoops(client, options.loops, midnight);
  const trackVehicles = options.sightings ? await createVehicleTracker(client, clock, options.types ?? new Map()) : undefined;
  const observe = createObserver(network, sites);
  const readButtons = await createPushButtons(client, clock, network, sites);
  const watch = await options.watch?.(client, clock);

  const look = async (): Promise<StreetStep> => {
    const timeS = clock.number(0);
    const now = after(midnight, seconds(timeS));
    const vehicles = await trackVehicles?.();
    const buttons = await readButtons(now);
    await watch?.();
    return {
      now,
      actuations: [...readLoops(now), ...buttons],
      ...(vehicles ? observe(vehicles) : NOTHING),
      ended: timeS >= endS,
    };
  };

  const show = (heads: ReadonlyMap<JunctionId, readonly Lamp[]>): Promise<void>[] =>
    [...heads].flatMap(([id, lamps]) => {
      const state = letters.get(id)?.(lamps);
      // SUMO holds a state until told otherwise, so only changes are sent.
      if (state === undefined || shown.get(id) === state) return [];
      shown.set(id, state);
      return [client.trafficLight.setState(id, state)];
    });

  return {
    start: look,
    step: async (heads) => {
      await Promise.all([...show(heads), client.simStep()]);
      return look();
    },
    close: async () => {
      await client.close().catch((error: unknown) => {
        // SUMO itself ends at its own end time.
        if (!(error instanceof TraciConnectionError)) throw error;
      });
    },
  };
};
