import type { BusTrip } from './bus-watch.ts';
import type { PriorityResult } from './run-case.ts';

/** One bus through one junction. */
export interface BusPassage {
  readonly bus: string;
  readonly pattern: string;
  /** Position of the junction on the pattern's way. */
  readonly place: number;
  readonly passedS: number;
  /** Longer than alone with every signal green. */
  readonly delayS: number;
  /** Of it standing. */
  readonly stoodS: number;
  /** What it had lost before, since it entered. */
  readonly lostBeforeS: number;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const legs = ({ enteredS, passedS }: BusTrip): readonly number[] => passedS.map((at, i) => at - (i === 0 ? enteredS : passedS[i - 1]!));

/** Every passage from `fromS` on, with what the signals and the traffic held at them cost. */
export const passagesOf = ({ buses, free }: Pick<PriorityResult, 'buses' | 'free'>, fromS: number): readonly BusPassage[] => {
  const freeLegs = new Map<string, number[][]>();
  for (const trip of free)
    legs(trip).forEach((leg, i) => {
      const own = freeLegs.get(trip.pattern) ?? [];
      freeLegs.set(trip.pattern, own);
      (own[i] ??= []).push(leg);
    });
  return buses.flatMap((bus) => {
    let lostBeforeS = 0;
    return legs(bus).flatMap((leg, place): readonly BusPassage[] => {
      const delayS = leg - mean(freeLegs.get(bus.pattern)?.[place] ?? []);
      const [passedS, stoodS] = [bus.passedS[place]!, bus.stoodS[place]!];
      const passage = { bus: bus.id, pattern: bus.pattern, place, passedS, delayS, stoodS, lostBeforeS };
      lostBeforeS += delayS;
      return passage.passedS >= fromS ? [passage] : [];
    });
  });
};

/** Mean delay of a passage, s. */
export const delayPerJunction = (passages: readonly BusPassage[]): number => mean(passages.map(({ delayS }) => delayS));

/** Mean time of standing before a junction, s. */
export const standingPerJunction = (passages: readonly BusPassage[]): number => mean(passages.map(({ stoodS }) => stoodS));

/** Standard deviation / mean of the line's headways, over all places with at least three of them. */
export const headwayVariation = (passages: readonly BusPassage[]): number => {
  const places = new Map<string, number[]>();
  for (const { pattern, place, passedS } of passages)
    places.set(`${pattern} ${String(place)}`, [...(places.get(`${pattern} ${String(place)}`) ?? []), passedS]);
  const variations = [...places.values()].flatMap((times) => {
    const sorted = [...times].sort((a, b) => a - b);
    const gaps = sorted.slice(1).map((at, i) => at - sorted[i]!);
    if (gaps.length < 3) return [];
    const middle = mean(gaps);
    return [Math.sqrt(mean(gaps.map((gap) => (gap - middle) ** 2))) / middle];
  });
  return mean(variations);
};

/** Two-sided 95 % quantile of Student's t by degrees of freedom. */
const T95 = [NaN, 12.71, 4.3, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26];

export interface Estimate {
  readonly mean: number;
  /** Half of the 95 % interval; NaN for a single value. */
  readonly half: number;
}

export const estimate = (values: readonly number[]): Estimate => {
  const middle = mean(values);
  const n = values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (n - 1));
  return { mean: middle, half: ((T95[n - 1] ?? 1.96) * deviation) / Math.sqrt(n) };
};
