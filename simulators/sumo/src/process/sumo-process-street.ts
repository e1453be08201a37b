import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EdgeError, type Street } from '@songxanh/platform';
import { lamps } from '@songxanh/wire';
import { junctionId, type DetectorActuation, type Instant, type Lamp, type Site } from '@songxanh/core';
import type { StreetMessage } from '@songxanh/store';
import { writeAdditional, type Scenario } from '@songxanh/sumo-files';
import { findFreePort, launchSumo } from '../launch-sumo.ts';
import { openSumoStreet } from '../sumo-street.ts';
import { openLiveView, type LiveView } from './live-view.ts';

export interface SumoProcessStreet {
  readonly street: Street;
  /** What the page shows. */
  readonly view: (at: Instant) => StreetMessage;
  readonly close: () => Promise<void>;
}

const ownersOf = (sites: Iterable<Site>): ReadonlyMap<string, readonly string[]> => {
  const owners = new Map<string, string[]>();
  for (const site of sites) for (const d of site.detectors) owners.set(d.id, [...(owners.get(d.id) ?? []), site.id]);
  return owners;
};

const lampsOf = (heads: ReadonlyMap<string, Uint8Array>): ReadonlyMap<ReturnType<typeof junctionId>, readonly Lamp[]> =>
  new Map([...heads].map(([junction, codes]) => [junctionId(junction), Array.from(codes, (c) => lamps.nameOf(c) ?? 'dark')]));

/** Starts a SUMO on the scenario, with the loops that its files lack, and puts it behind the street server. */
export const openSumoProcessStreet = async (scenario: Scenario, seed: number): Promise<SumoProcessStreet> => {
  const { files, sites } = scenario;
  const folder = await mkdtemp(join(tmpdir(), 'songxanh-sumo-'));
  const loops = join(folder, 'loops.add.xml');
  await writeFile(loops, writeAdditional(scenario.placedDetectors));
  const port = await findFreePort();
  const sumo = launchSumo({
    net: files.net,
    routes: files.routes,
    additional: [...files.additional, loops],
    beginS: files.beginS,
    // SUMO's word for "until the last vehicle has arrived".
    endS: Number.isFinite(files.endS) ? files.endS : -1,
    seed,
    port,
    ...(files.lateralResolutionM === undefined ? {} : { lateralResolutionM: files.lateralResolutionM }),
  });
  let view: LiveView | undefined;
  const opening = openSumoStreet({
    port,
    network: scenario.network,
    sites,
    loops: scenario.furniture.detectors.filter((d) => d.kind === 'loop').map((d) => d.id),
    sightings: false,
    watch: async (client, clock) => {
      view = await openLiveView(client, clock, scenario.demand);
      return view.follow;
    },
    midnight: scenario.midnight,
    endS: files.endS,
    types: scenario.demand.types,
  });
  // A SUMO that finds its input bad ends before anybody can connect; its words are the message.
  const street = await Promise.race([
    opening,
    sumo.ended.then(
      () => Promise.reject(new EdgeError('bad-input', 'SUMO ended before its first step')),
      (error: unknown) => Promise.reject(new EdgeError('bad-input', (error as Error).message)),
    ),
  ]);
  const owners = ownersOf(sites.values());
  const byJunction = (actuations: readonly DetectorActuation[]): ReadonlyMap<string, readonly DetectorActuation[]> => {
    const pairs = actuations.flatMap((a) => (owners.get(a.detector) ?? []).map((junction) => ({ junction, a })));
    const inputs = new Map<string, DetectorActuation[]>();
    for (const { junction, a } of pairs) inputs.set(junction, [...(inputs.get(junction) ?? []), a]);
    return inputs;
  };
  const begin = await street.start();
  if (view === undefined) throw new Error('a street without its view');
  const { message } = view;
  return {
    street: {
      begin: begin.now,
      step: async (heads) => {
        const { now, actuations, ended } = await street.step(lampsOf(heads));
        return { now, inputs: byJunction(actuations), ended };
      },
    },
    view: message,
    close: async () => {
      await street.close();
      sumo.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
