import type { Lamp, SignalProgram } from '@songxanh/core';
import { lampCode, lampOfLetter, RED } from './lamps.ts';
import type { World } from './world.ts';

/** A program's lamps, interval by interval. */
export interface ProgramRunner {
  readonly cycleS: number;
  readonly offsetS: number;
  readonly ends: Float64Array;
  readonly lamps: readonly Uint8Array[];
}

export const prepareProgram = (program: SignalProgram): ProgramRunner => {
  const ends = new Float64Array(program.intervals.length);
  program.intervals.forEach((interval, i) => (ends[i] = (i > 0 ? ends[i - 1]! : 0) + interval.durationS));
  return {
    cycleS: ends[ends.length - 1] ?? 0,
    offsetS: program.offsetS,
    ends,
    lamps: program.intervals.map((interval) => Uint8Array.from(interval.state, lampOfLetter)),
  };
};

/** Where in its cycle the program is, s. */
const phaseOf = ({ cycleS, offsetS }: ProgramRunner, timeS: number): number => (((timeS - offsetS) % cycleS) + cycleS) % cycleS;

/** Number of the program's interval at `timeS`: SUMO counts its cycle from midnight of the scenario, less the offset. */
export const intervalAt = (runner: ProgramRunner, timeS: number): number => {
  const at = phaseOf(runner, timeS);
  let i = 0;
  while (i < runner.ends.length - 1 && runner.ends[i]! <= at + 1e-9) i++;
  return i;
};

/** More than rounding of times, s. */
const ROUNDING_S = 1e-3;

/** What changes at signals. */
export interface SignalState {
  readonly heads: readonly Uint8Array[];
  readonly outside: Uint8Array;
  readonly shown: Int32Array;
}

/** The heads of all signals: they run the network's programs until somebody sets them. */
export class SignalBoard {
  readonly heads: readonly Uint8Array[];
  private readonly runners: readonly (ProgramRunner | undefined)[];
  /** 1: set from outside. */
  private readonly outside: Uint8Array;
  /** Interval of the program that the heads show, −1 for none. */
  private readonly shown: Int32Array;
  /** Until when that interval surely lasts, s. */
  private readonly lasts: Float64Array;

  constructor(programs: ReadonlyMap<string, SignalProgram>, ids: readonly string[]) {
    const own = ids.map((id) => programs.get(id));
    this.runners = own.map((program) => (program && program.intervals.length > 0 ? prepareProgram(program) : undefined));
    this.heads = own.map((program) => new Uint8Array(program?.intervals[0]?.state.length ?? 0).fill(RED));
    this.outside = new Uint8Array(ids.length);
    this.shown = new Int32Array(ids.length).fill(-1);
    this.lasts = new Float64Array(ids.length).fill(-Infinity);
  }

  /** Brings programs that nobody overrides to `world.now`. */
  step(world: World): void {
    for (let s = 0; s < this.runners.length; s++) {
      if (world.now < this.lasts[s]! && this.shown[s]! >= 0) continue;
      const runner = this.runners[s];
      if (runner === undefined || this.outside[s]) continue;
      const interval = intervalAt(runner, world.now);
      this.lasts[s] = world.now + runner.ends[interval]! - phaseOf(runner, world.now) - ROUNDING_S;
      if (interval === this.shown[s]) continue;
      this.shown[s] = interval;
      this.heads[s]!.set(runner.lamps[interval]!);
      this.show(world, s);
    }
  }

  /** Lamp codes, core's lamps or SUMO's letters by head; from now on the signal is controlled from outside. */
  set(world: World, signal: number, states: Uint8Array | readonly Lamp[] | string): void {
    const heads = this.heads[signal]!;
    this.outside[signal] = 1;
    this.shown[signal] = -1;
    if (states instanceof Uint8Array) heads.set(states.subarray(0, heads.length));
    else if (typeof states === 'string') heads.set(Uint8Array.from(states, lampOfLetter).subarray(0, heads.length));
    else states.forEach((lamp, i) => (heads[i] = lampCode(lamp)));
    this.show(world, signal);
  }

  release(signal: number): void {
    this.outside[signal] = 0;
  }

  save(): SignalState {
    return { heads: this.heads.map((heads) => heads.slice()), outside: this.outside.slice(), shown: this.shown.slice() };
  }

  restore({ heads, outside, shown }: SignalState): void {
    heads.forEach((lamps, s) => this.heads[s]!.set(lamps));
    this.outside.set(outside);
    this.shown.set(shown);
    this.lasts.fill(-Infinity);
  }

  private show({ street, linkLamp }: World, signal: number): void {
    for (const link of street.signalLinks[signal]!) linkLamp[link] = this.heads[signal]![street.linkSignalIndex[link]!] ?? RED;
  }
}
