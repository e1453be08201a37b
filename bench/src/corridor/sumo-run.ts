import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TrafficDemand } from '@songxanh/core';
import { findFreePort, launchSumo, openSumoStreet, type SumoStreetOptions } from '@songxanh/sumo-street';
import { attribute } from '../attribute.ts';
import { controlJunctions } from './control-junctions.ts';
import type { CorridorRun } from './corridor-run.ts';
import { CORRIDOR } from './corridor.ts';
import { edgeOfLane, PEDESTRIAN, type Journey } from './journeys.ts';

/** One run of a real SUMO with the scenario's own configuration (sublane model), judged by SUMO's tripinfo alone; `watch` looks on. */
export const journeysInSumo = async (
  { scenario, sites, planning, seed, beginS, endS }: CorridorRun,
  watch?: NonNullable<SumoStreetOptions['watch']>,
): Promise<readonly Journey[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-corridor-'));
  const tripinfo = join(folder, 'tripinfo.xml');
  const { net, routes, additional } = scenario.files;
  const port = await findFreePort();
  const sumo = launchSumo({
    ...{ net, routes, additional, beginS, endS, seed, tripinfo, port },
    // What the command line says goes before the file; the rest (sublanes, junction blockers, collisions) is the scenario's.
    extra: ['--configuration-file', CORRIDOR, '--tripinfo-output.write-undeparted', 'true'],
  });
  try {
    const street = await openSumoStreet({
      port,
      network: scenario.network,
      sites: new Map(sites.map((site) => [site.id, site])),
      loops: scenario.furniture.detectors.filter(({ kind }) => kind === 'loop').map(({ id }) => id),
      sightings: planning?.sensing === 'vehicles',
      types: scenario.demand.types,
      midnight: scenario.midnight,
      endS,
      ...(watch === undefined ? {} : { watch }),
    });
    let seen = await street.start();
    const junctions = controlJunctions(sites, seen.now, planning).map((junction) => ({
      ...junction,
      detectors: new Set<string>(junction.site.detectors.map(({ id }) => id)),
    }));
    while (!seen.ended) {
      const { now, actuations, sightings, exits } = seen;
      const heads = junctions.map(({ site: { id }, detectors, show }) => {
        const own = actuations.filter(({ detector }) => detectors.has(detector));
        return [id, show({ now, actuations: own, sightings: sightings.get(id) ?? [], exits: exits.get(id) ?? [] })] as const;
      });
      seen = await street.step(new Map(heads));
    }
    await street.close();
    await sumo.ended;
    return readTripinfo(readFileSync(tripinfo, 'utf8'), scenario.demand.types, endS);
  } finally {
    sumo.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Vehicles of a tripinfo file (unfinished and undeparted ones included), and its people on foot with their time loss. */
export const readTripinfo = (text: string, types: TrafficDemand['types'], endS: number): readonly Journey[] => [
  ...[...text.matchAll(/<tripinfo\s[^>]*>/g)].map(([tag]): Journey => {
    const number = (name: string): number => Number(attribute(tag, name));
    const kind = attribute(tag, 'vType');
    const persons = types.get(kind)?.persons;
    if (persons === undefined) throw new Error(`tripinfo: vType "${kind}": expected a type of the scenario`);
    const departDelay = number('departDelay');
    const inserted = number('depart') >= 0;
    return {
      kind,
      entry: edgeOfLane(attribute(tag, 'departLane')),
      dueS: inserted ? number('depart') - departDelay : endS - departDelay,
      delayS: departDelay + (inserted ? number('timeLoss') : 0),
      persons,
      end: !inserted ? 'never-inserted' : number('arrival') < 0 ? 'on-the-way' : 'arrived',
    };
  }),
  // SUMO 1.15 has no waiting time of people: their time loss (slower than their own pace) is mostly that.
  ...[...text.matchAll(/<walk\s[^>]*>/g)].flatMap(([tag]): Journey[] => {
    const departS = Number(attribute(tag, 'depart'));
    const arrived = Number(attribute(tag, 'arrival')) >= 0;
    return departS < 0
      ? []
      : [
          {
            kind: PEDESTRIAN,
            entry: '',
            dueS: departS,
            delayS: Number(attribute(tag, 'timeLoss')),
            persons: 1,
            end: arrived ? 'arrived' : 'on-the-way',
          },
        ];
  }),
];
