import { after, seconds, type DetectorActuation, type Instant } from '@songxanh/core';
import { readPassages, VARIABLE, type TraciClient } from '@songxanh/traci';
import { createLoopPulses } from './loop-pulses.ts';

/** Listens to these induction loops; the returned function reads what they saw in the last step. */
export const listenToLoops = async (
  client: TraciClient,
  ids: readonly string[],
  midnight: Instant,
): Promise<(now: Instant) => readonly DetectorActuation[]> => {
  const loops = await Promise.all(
    ids.map(async (id) => ({
      values: await client.inductionLoop.subscribe(id, [VARIABLE.lastStepVehicleData]),
      pulses: createLoopPulses(id),
    })),
  );
  const at = (timeS: number): Instant => after(midnight, seconds(timeS));
  return (now) =>
    loops
      .flatMap(({ values, pulses }) =>
        pulses(
          readPassages(values.reader(0)).map(({ vehicle, enterS, leaveS }) => ({
            vehicle,
            enter: at(enterS),
            leave: leaveS === undefined ? undefined : at(leaveS),
          })),
          now,
        ),
      )
      .sort((a, b) => a.at - b.at);
};
