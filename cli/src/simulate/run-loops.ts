import {
  adaptivePlanner,
  createOutflowBoard,
  fixedTimePlanner,
  junctionId,
  loopStep,
  maxPressurePlanner,
  seconds,
  startLoop,
  type DetectorActuation,
  type JunctionId,
  type LoopState,
  type Planner,
} from '@songxanh/core';
import { createObserver, type MicroStreet, type SeenTraffic } from '@songxanh/micro';
import type { Scenario } from '@songxanh/sumo-files';
import { encodeHeads } from '@songxanh/wire';

export type LoopControl = 'fixed' | 'actuated' | 'adaptive' | 'max-pressure';

export interface LoopChoice {
  readonly control: LoopControl;
  readonly sensing: 'detectors' | 'vehicles';
  /** `same-step`: plans are taken up in the step they are made in, as `songxanh drive` does; `next-step`: as between processes. */
  readonly planDelay: 'same-step' | 'next-step';
}

const plannerOf = ({ control, planDelay }: LoopChoice): Planner => {
  switch (control) {
    case 'adaptive':
      return planDelay === 'same-step' ? adaptivePlanner({ lead: seconds(0) }) : adaptivePlanner();
    case 'max-pressure':
      return maxPressurePlanner();
    case 'fixed':
    case 'actuated':
      // The controller's own time-of-day plan or local actuation, as its schedule says.
      return fixedTimePlanner();
  }
};

const NOTHING_SEEN: SeenTraffic = { sightings: new Map(), exits: new Map() };

/** Actuations of all junctions, those of a loop that several share once. */
const ownActuations = (
  inputs: ReadonlyMap<string, readonly DetectorActuation[]>,
  owner: ReadonlyMap<string, string>,
): readonly DetectorActuation[] =>
  [...inputs].flatMap(([junction, actuations]) => actuations.filter(({ detector }) => owner.get(detector) === junction));

/** Runs a street to its end under our own controllers, all junctions in this process. */
export const runLoops = (
  street: MicroStreet,
  scenario: Scenario,
  choice: LoopChoice,
  onStep: (seen: Iterable<DetectorActuation>) => void,
): void => {
  const { sensing, planDelay } = choice;
  const planner = plannerOf(choice);
  const board = createOutflowBoard();
  const observe = sensing === 'vehicles' ? createObserver(street.simulation.world, scenario.network, scenario.sites) : () => NOTHING_SEEN;
  const loops = new Map<JunctionId, LoopState>();
  for (const site of scenario.sites.values())
    loops.set(junctionId(site.id), startLoop(site, street.begin, { planner, sensing, planDelay }));
  const owner = new Map(
    [...scenario.sites.values()].flatMap((site) => site.detectors.map(({ id }) => [id as string, site.id as string] as const)),
  );
  let now = street.begin;
  let inputs: ReadonlyMap<string, readonly DetectorActuation[]> = new Map();
  while (!street.simulation.done) {
    const { sightings, exits } = observe();
    const heads = new Map<string, Uint8Array>();
    for (const [id, loop] of loops) {
      const own = exits.get(id) ?? [];
      const { state, report, outflow } = loopStep(loop, {
        now,
        actuations: inputs.get(id) ?? [],
        sightings: sightings.get(id) ?? [],
        inflow: board.inflowOf(loop.site, now),
        ...(own.length > 0 ? { exits: own } : {}),
      });
      board.tell(loop.site.id, now, outflow);
      loops.set(id, state);
      heads.set(id, encodeHeads(report.heads));
    }
    const moved = street.step(heads);
    now = moved.now;
    inputs = moved.inputs;
    onStep(ownActuations(inputs, owner));
  }
};
