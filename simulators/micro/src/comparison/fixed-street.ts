import type { Instant, Result, Site } from '@songxanh/core';
import { reportController, startController, step } from '@songxanh/core';
import type { Scenario } from '@songxanh/sumo-files';
import { encodeHeads } from '@songxanh/wire';
import { openMicroStreet } from '../process/micro-street.ts';
import type { Simulation } from '../simulation.ts';

export interface FixedStreet {
  readonly simulation: Simulation;
  readonly now: () => Instant;
  readonly isOver: () => boolean;
  readonly step: () => void;
}

/** The same streets, demand and seed with every controller left to its time-of-day plans. */
export const openFixedStreet = (scenario: Scenario, seed: number): Result<FixedStreet> => {
  const street = openMicroStreet(scenario, seed);
  if (!street.ok) return street;
  const { begin, simulation, step: move } = street.value;
  let now = begin;
  let over = false;
  let actuations: Awaited<ReturnType<typeof move>>['inputs'] = new Map();
  const controllers = [...scenario.sites.values()].map((site: Site) => ({ site, state: startController(site, begin) }));
  return {
    ok: true,
    value: {
      simulation,
      now: () => now,
      isOver: () => over,
      step: () => {
        const heads = new Map<string, Uint8Array>();
        for (const controller of controllers) {
          const { site } = controller;
          const input = {
            now,
            actuations: actuations.get(site.id) ?? [],
            plans: [],
            overrides: [],
            failedDetectors: [],
            cabinetFault: false,
          };
          controller.state = step(site, controller.state, input).state;
          heads.set(site.id, encodeHeads(reportController(site, controller.state).heads));
        }
        const moved = move(heads);
        now = moved.now;
        actuations = moved.inputs;
        over = moved.ended;
      },
    },
  };
};
