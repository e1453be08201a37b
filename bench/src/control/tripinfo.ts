import { readFileSync } from 'node:fs';
import { attribute } from '../attribute.ts';

/** The outside benchmark's measures of one run; times are means in s per scheduled vehicle unless said otherwise. */
export interface RunMeasures {
  /** (Σ timeLoss + departDelay of all trips, unfinished ones too + Σ end − depart of the never inserted) / all of these. */
  readonly strictDelayS: number;
  /** The same without the never inserted. */
  readonly tripDelayS: number;
  readonly timeLossS: number;
  readonly departDelayS: number;
  readonly waitingS: number;
  readonly durationS: number;
  readonly inserted: number;
  readonly arrived: number;
  readonly neverInserted: number;
  /** Mean strict delay of those who wanted to depart in each five minutes, by the second of its begin. */
  readonly delayByDepartureS: Readonly<Record<string, number>>;
}

const BIN_S = 300;

/** Ids and departures (s) of the vehicles a route file schedules in [begin, end). Flows are not among the benchmark's files. */
const scheduled = (routeFiles: readonly string[], beginS: number, endS: number): ReadonlyMap<string, number> => {
  const departures = new Map<string, number>();
  for (const file of routeFiles) {
    for (const [tag] of readFileSync(file, 'utf8').matchAll(/<(?:vehicle|trip)\s[^>]*>/g)) {
      const departS = Number(attribute(tag, 'depart'));
      if (departS >= beginS && departS < endS) departures.set(attribute(tag, 'id'), departS);
    }
  }
  return departures;
};

/** Reads a run's tripinfo (with unfinished trips) against what was scheduled. */
export const measureRun = (tripinfoFile: string, routeFiles: readonly string[], beginS: number, endS: number): RunMeasures => {
  const waiting = new Map(scheduled(routeFiles, beginS, endS));
  const sums = { timeLoss: 0, departDelay: 0, waitingTime: 0, duration: 0 };
  const bins = new Map<number, { delayS: number; vehicles: number }>();
  const note = (dueS: number, delayS: number): void => {
    const begin = Math.floor(dueS / BIN_S) * BIN_S;
    const so = bins.get(begin) ?? { delayS: 0, vehicles: 0 };
    bins.set(begin, { delayS: so.delayS + delayS, vehicles: so.vehicles + 1 });
  };
  let inserted = 0;
  let arrived = 0;
  for (const [tag] of readFileSync(tripinfoFile, 'utf8').matchAll(/<tripinfo\s[^>]*>/g)) {
    // SUMO lists vehicles it could not insert too, with depart −1: they are counted below.
    if (Number(attribute(tag, 'depart')) < 0) continue;
    waiting.delete(attribute(tag, 'id'));
    inserted++;
    if (Number(attribute(tag, 'arrival')) >= 0) arrived++;
    const number = (name: string): number => Number(attribute(tag, name));
    for (const name of Object.keys(sums) as (keyof typeof sums)[]) sums[name] += number(name);
    note(number('depart') - number('departDelay'), number('timeLoss') + number('departDelay'));
  }
  for (const departS of waiting.values()) note(departS, endS - departS);
  const never = [...waiting.values()].reduce((sum, departS) => sum + endS - departS, 0);
  const delay = sums.timeLoss + sums.departDelay;
  const perTrip = (total: number): number => total / Math.max(1, inserted);
  return {
    strictDelayS: (delay + never) / Math.max(1, inserted + waiting.size),
    tripDelayS: perTrip(delay),
    timeLossS: perTrip(sums.timeLoss),
    departDelayS: perTrip(sums.departDelay),
    waitingS: perTrip(sums.waitingTime),
    durationS: perTrip(sums.duration),
    inserted,
    arrived,
    neverInserted: waiting.size,
    delayByDepartureS: Object.fromEntries([...bins].map(([begin, { delayS, vehicles }]) => [begin, delayS / vehicles])),
  };
};
