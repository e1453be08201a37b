import { instant, type DetectorActuation, type Result, type Site } from '@songxanh/core';
import type { Street, StreetStep } from '@songxanh/platform';
import type { Scenario } from '@songxanh/sumo-files';
import { createSimulation, type Simulation } from '../simulation.ts';

export interface MicroStreet extends Street {
  readonly step: (heads: ReadonlyMap<string, Uint8Array>) => StreetStep;
  readonly simulation: Simulation;
}

/** Push button of each signalised crossing of a site, by the crossing's edge. */
const buttonsOf = (site: Site, scenario: Scenario): readonly (readonly [string, string])[] =>
  scenario.network.connections.flatMap((c) => {
    if (c.crossing === undefined || c.signal?.program !== site.id) return [];
    const head = c.signal.index;
    const group = site.groups.find((g) => g.heads.includes(head));
    const button = site.detectors.find((d) => d.role === 'push-button' && group !== undefined && d.groups.includes(group.id));
    return button === undefined ? [] : [[c.crossing, button.id] as const];
  });

/** Which junctions a detector belongs to: a loop between two junctions may serve both. */
const ownersOf = (sites: Iterable<Site>): ReadonlyMap<string, readonly string[]> => {
  const owners = new Map<string, string[]>();
  for (const site of sites) for (const d of site.detectors) owners.set(d.id, [...(owners.get(d.id) ?? []), site.id]);
  return owners;
};

/** Our own engine as the street: scenario seconds become street time, heads go in, actuations come out by junction. */
export const openMicroStreet = (scenario: Scenario, seed: number, { emissions = false } = {}): Result<MicroStreet> => {
  const sites = [...scenario.sites.values()];
  const owners = ownersOf(sites);
  const made = createSimulation({
    network: scenario.network,
    demand: scenario.demand,
    furniture: scenario.furniture,
    beginS: scenario.files.beginS,
    endS: scenario.files.endS,
    stepLengthS: scenario.files.stepLengthS,
    ...(scenario.files.ignoreJunctionBlockerS === undefined ? {} : { ignoreJunctionBlockerS: scenario.files.ignoreJunctionBlockerS }),
    seed,
    emissions,
    epochMs: scenario.midnight,
    crossingButtons: new Map(sites.flatMap((site) => buttonsOf(site, scenario))),
  });
  if (!made.ok) return made;
  const simulation = made.value;
  const now = (): ReturnType<typeof instant> => instant(scenario.midnight + simulation.nowS * 1000);

  const byJunction = (actuations: readonly DetectorActuation[]): ReadonlyMap<string, readonly DetectorActuation[]> => {
    const inputs = new Map<string, DetectorActuation[]>();
    for (const actuation of actuations) {
      for (const junction of owners.get(actuation.detector) ?? []) {
        const own = inputs.get(junction);
        if (own === undefined) inputs.set(junction, [actuation]);
        else own.push(actuation);
      }
    }
    return inputs;
  };

  return {
    ok: true,
    value: {
      simulation,
      begin: now(),
      step: (heads) => {
        for (const [junction, lamps] of heads) simulation.setHeads(junction, lamps);
        simulation.step();
        return { now: now(), inputs: byJunction(simulation.takeActuations()), ended: simulation.done };
      },
    },
  };
};
