import type { Network } from '@songxanh/core';
import { letterOfLamp, type Simulation } from '@songxanh/micro';
import { emptyTag } from '@songxanh/sumo-files';
import type { XmlStream } from './xml-stream.ts';

/** Writes what all signals show in the step that has just been made, as SUMO's `SaveTLSStates` does. */
export const recordSignals = (out: XmlStream, simulation: Simulation, { programs }: Network, timeS: number): void => {
  for (const id of simulation.signals) {
    const state = [...simulation.heads(id)].map(letterOfLamp).join('');
    const program = programs.get(id);
    // Intervals that show the same are told by the first of them.
    const phase = program?.intervals.findIndex((interval) => interval.state === state) ?? -1;
    out.line(emptyTag('tlsState', { time: timeS, id, programID: program?.programId ?? '', phase: String(phase), state }));
  }
};

/** Writes where everybody is after the step, as SUMO's `--fcd-output` does. */
export const recordPlaces = (out: XmlStream, simulation: Simulation, timeS: number): void => {
  const { book, fleet, street } = simulation.world;
  const { count, index, x, y, angle, speed, type } = simulation.vehicles();
  out.line(`<timestep time="${timeS.toFixed(2)}">`);
  for (let i = 0; i < count; i++) {
    const v = book.vehicle[index[i]!]!;
    const row = {
      ...{ id: simulation.vehicleId(index[i]!), x: x[i]!, y: y[i]!, angle: (angle[i]! + 360) % 360, type: simulation.types[type[i]!]! },
      ...{ speed: speed[i]!, pos: fleet.pos[v]!, lane: street.laneIds[fleet.lane[v]!]! },
    };
    out.line(`    ${emptyTag('vehicle', row)}`);
  }
  out.line('</timestep>');
};
