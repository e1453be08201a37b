import type { Driver } from '@songxanh/drivers';
import { HEALTHY_CABINET } from '@songxanh/wire';
import type { RecordedSecond } from './recorded-street.ts';
import { junctionId, type JunctionId } from '@songxanh/core';

export interface ReplayOptions {
  readonly seconds: readonly RecordedSecond[];
  /** Junctions of this driver, each with the recorded junction whose detectors it has. */
  readonly junctions: ReadonlyMap<JunctionId, string>;
  /** Wall time (of `performance.now`) of the first second. */
  readonly firstAtMs: number;
  readonly onCommand: () => void;
}

/** A street that gives its recorded seconds in real time and takes heads without showing them. */
export const createReplayDriver = ({ seconds, junctions, firstAtMs, onCommand }: ReplayOptions): Driver => {
  let timer: NodeJS.Timeout | undefined;
  return {
    lockstep: false,
    start: ({ onInputs, onUp, onEnded }) => {
      onUp();
      const beat = (k: number): void => {
        const second = seconds[k];
        if (second === undefined) {
          onEnded();
          return;
        }
        onInputs({
          now: second.now,
          junctions: new Map(
            [...junctions].map(([junction, recorded]) => [
              junction,
              { actuations: second.inputs.get(junctionId(recorded)) ?? [], health: HEALTHY_CABINET },
            ]),
          ),
        });
        schedule(k + 1);
      };
      const schedule = (k: number): void => {
        timer = setTimeout(beat, firstAtMs + k * 1000 - performance.now(), k);
      };
      schedule(0);
    },
    command: () => {
      onCommand();
      return true;
    },
    stop: () => {
      clearTimeout(timer);
    },
  };
};
