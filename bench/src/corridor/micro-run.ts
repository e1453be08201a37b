import type { DetectorActuation } from '@songxanh/core';
import { openMicroStreet, type Simulation } from '@songxanh/micro';
import { controlJunctions } from './control-junctions.ts';
import type { CorridorRun } from './corridor-run.ts';
import { edgeOfLane, PEDESTRIAN, type Journey } from './journeys.ts';

/** One run of our simulator to its end. */
export const simulateMicro = ({ scenario, sites, planning, seed, beginS, endS }: CorridorRun): Simulation => {
  const opened = openMicroStreet({ ...scenario, files: { ...scenario.files, beginS, endS } }, seed);
  if (!opened.ok) throw new Error(opened.message);
  const { simulation, begin, step } = opened.value;
  const junctions = controlJunctions(sites, begin, planning);
  let now = begin;
  let inputs: ReadonlyMap<string, readonly DetectorActuation[]> = new Map();
  for (let ended = false; !ended;) {
    for (const { site, show } of junctions) simulation.setHeads(site.id, show({ now, actuations: inputs.get(site.id) ?? [] }));
    ({ now, inputs, ended } = step(new Map()));
  }
  return simulation;
};

/** The journeys of one run of our simulator. */
export const journeysInMicro = (run: CorridorRun): readonly Journey[] => readJourneys(simulateMicro(run), run);

export const readJourneys = (simulation: Simulation, { scenario: { demand }, beginS, endS }: CorridorRun): readonly Journey[] => {
  const rows = simulation.trips();
  const inserted = new Set(rows.map(({ id }) => id));
  return [
    ...rows.map(({ vType, depart, departLane, departDelay, timeLoss, persons, arrival }): Journey => ({
      kind: vType,
      entry: edgeOfLane(departLane),
      dueS: depart - departDelay,
      delayS: timeLoss + departDelay,
      persons,
      end: arrival < 0 ? 'on-the-way' : 'arrived',
    })),
    ...demand.trips
      .filter(({ id, departS }) => departS >= beginS && departS < endS && !inserted.has(id))
      .map(({ type, departS, edges }): Journey => ({
        kind: type,
        entry: edges[0] ?? '',
        dueS: departS,
        delayS: endS - departS,
        persons: demand.types.get(type)?.persons ?? 1,
        end: 'never-inserted',
      })),
    ...simulation.pedestrians().map(({ depart, arrival, waitingTime }): Journey => ({
      kind: PEDESTRIAN,
      entry: '',
      dueS: depart,
      delayS: waitingTime,
      persons: 1,
      end: arrival < 0 ? 'on-the-way' : 'arrived',
    })),
  ];
};
