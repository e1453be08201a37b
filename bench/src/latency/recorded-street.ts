import type { DetectorActuation, Instant } from '@songxanh/core';
import { openMicroStreet } from '@songxanh/micro';
import { controlJunctions } from '../corridor/control-junctions.ts';
import { loadCorridor } from '../corridor/corridor.ts';

/** One second of the street: what each junction's detectors saw. */
export interface RecordedSecond {
  readonly now: Instant;
  readonly inputs: ReadonlyMap<string, readonly DetectorActuation[]>;
}

/** From 07:00 on: the filling of the street is over and the peak begins. */
const FROM_S = 7 * 3600;
/** Enough for the queues of 07:00 to build up. */
const FILL_S = 600;

/** `durationS` seconds of the corridor's morning under its time-of-day plans. */
export const recordStreet = async (durationS: number): Promise<readonly RecordedSecond[]> => {
  const scenario = await loadCorridor(1);
  const files = { ...scenario.files, beginS: FROM_S - FILL_S, endS: FROM_S + durationS };
  const opened = openMicroStreet({ ...scenario, files }, 1);
  if (!opened.ok) throw new Error(opened.message);
  const { simulation, begin, step } = opened.value;
  const junctions = controlJunctions([...scenario.sites.values()], begin);
  const seconds: RecordedSecond[] = [];
  let second: RecordedSecond = { now: begin, inputs: new Map() };
  for (let ended = false; !ended;) {
    const { now, inputs } = second;
    for (const { site, show } of junctions) simulation.setHeads(site.id, show({ now, actuations: inputs.get(site.id) ?? [] }));
    const next = step(new Map());
    second = next;
    ended = next.ended;
    if (simulation.nowS > FROM_S) seconds.push(second);
  }
  return seconds;
};
