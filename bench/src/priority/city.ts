import {
  adaptivePlanner,
  createOutflowBoard,
  instant,
  loopStep,
  startLoop,
  type ControllerReport,
  type DetectorActuation,
  type Instant,
  type JunctionId,
  type LaneInflow,
  type LoopState,
  type Override,
  type OutflowBoard,
  type Planner,
  type Site,
} from '@songxanh/core';
import { openMicroStreet, type Simulation } from '@songxanh/micro';
import type { Scenario } from '@songxanh/sumo-files';

/** A whole city in one process that can be copied as it stands: our simulator, and each junction's loop. */
export interface City {
  readonly simulation: Simulation;
  readonly now: () => Instant;
  /** One second; returns what each junction showed in it. */
  readonly step: (overrides: ReadonlyMap<JunctionId, Override>) => ReadonlyMap<JunctionId, ControllerReport>;
  readonly fork: () => City;
}

interface Past {
  readonly now: Instant;
  readonly loops: readonly LoopState[];
  readonly told: ReadonlyMap<JunctionId, readonly { readonly at: Instant; readonly outflow: readonly LaneInflow[] }[]>;
  readonly inputs: ReadonlyMap<string, readonly DetectorActuation[]>;
}

const ownersOf = (sites: readonly Site[]): ReadonlyMap<string, readonly JunctionId[]> => {
  const owners = new Map<string, JunctionId[]>();
  for (const site of sites) for (const { id } of site.detectors) owners.set(id, [...(owners.get(id) ?? []), site.id]);
  return owners;
};

export const openCity = (scenario: Scenario, seed: number): City => {
  const opened = openMicroStreet(scenario, seed);
  if (!opened.ok) throw new Error(opened.message);
  const { simulation, begin } = opened.value;
  const sites = [...scenario.sites.values()];
  // Planners keep nothing from one decision to the next: all copies may use them.
  const planners = sites.map((): Planner => adaptivePlanner());
  const loops = sites.map((site, i) =>
    startLoop(site, (begin - 1000) as Instant, { planner: planners[i]!, sensing: 'detectors', planDelay: 'next-step' }),
  );
  return goOn(scenario, simulation, ownersOf(sites), { now: begin, loops, told: new Map(), inputs: new Map() });
};

const goOn = (scenario: Scenario, simulation: Simulation, owners: ReadonlyMap<string, readonly JunctionId[]>, past: Past): City => {
  let { now, loops, told, inputs } = past;
  const board: OutflowBoard = createOutflowBoard();
  for (const [junction, both] of told) for (const { at, outflow } of both) board.tell(junction, at, outflow);
  return {
    simulation,
    now: () => now,
    step: (overrides) => {
      const reports = new Map<JunctionId, ControllerReport>();
      loops = loops.map((loop) => {
        const { site } = loop;
        const override = overrides.get(site.id);
        const { state, report, outflow } = loopStep(loop, {
          now,
          actuations: inputs.get(site.id) ?? [],
          inflow: board.inflowOf(site, now),
          overrides: override === undefined ? [] : [override],
        });
        board.tell(site.id, now, outflow);
        told = new Map([...told, [site.id, [...(told.get(site.id) ?? []), { at: now, outflow }].slice(-2)]]);
        simulation.setHeads(site.id, report.heads);
        reports.set(site.id, report);
        return state;
      });
      simulation.step();
      now = instant(scenario.midnight + simulation.nowS * 1000);
      const byJunction = new Map<string, DetectorActuation[]>();
      for (const actuation of simulation.takeActuations())
        for (const junction of owners.get(actuation.detector) ?? [])
          byJunction.set(junction, [...(byJunction.get(junction) ?? []), actuation]);
      inputs = byJunction;
      return reports;
    },
    fork: () => goOn(scenario, simulation.fork(), owners, { now, loops, told, inputs }),
  };
};
