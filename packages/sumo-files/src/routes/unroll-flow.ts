import { faultAt, maybeNumber, maybeSeconds } from '../xml.ts';
import type { Element } from '../xml.ts';

/** SUMO's day where a flow has neither `end` nor `number`. */
const DEFAULT_END_S = 86_400;

/**
 * Departures (scenario seconds) of a `<flow>` or `<personFlow>`: `number` evenly over the time, a `period` (also `exp(rate)`), vehicles per hour,
 * or a probability per second (https://sumo.dlr.de/docs/Definition_of_Vehicles,_Vehicle_Types,_and_Routes.html#flows).
 */
export const unrollFlow = (element: Element, random: () => number): readonly number[] => {
  const beginS = maybeSeconds(element, 'begin') ?? 0;
  const givenEndS = maybeSeconds(element, 'end');
  const endS = givenEndS ?? DEFAULT_END_S;
  const number = maybeNumber(element, 'number');
  const hourly = maybeNumber(element, 'vehsPerHour') ?? maybeNumber(element, 'personsPerHour') ?? maybeNumber(element, 'perHour');
  const probability = maybeNumber(element, 'probability');
  const period = element.attributes['period'];
  const most = number ?? Infinity;
  if (endS < beginS) throw faultAt(element, `expected an end not before its begin (${String(beginS)} s)`, 'end');

  const every = (gapS: () => number, firstS = beginS): readonly number[] => {
    const departures: number[] = [];
    for (let t = firstS; (givenEndS === undefined && number !== undefined) || t < endS; t += gapS()) {
      if (departures.length >= most) break;
      departures.push(t);
    }
    return departures;
  };

  if (hourly !== undefined) {
    if (hourly < 0) throw faultAt(element, 'expected a rate ≥ 0 per hour');
    return hourly === 0 ? [] : every(() => 3600 / hourly);
  }
  if (period !== undefined) {
    const exponential = /^exp\(([^)]*)\)$/.exec(period.trim());
    const value = Number(exponential?.[1] ?? period);
    if (!(value > 0)) throw faultAt(element, 'expected seconds > 0 or exp(rate) in period', 'period');
    const gapS = (): number => -Math.log(1 - random()) / value;
    return exponential === null ? every(() => value) : every(gapS, beginS + gapS());
  }
  if (probability !== undefined) {
    if (probability < 0 || probability > 1) throw faultAt(element, 'expected a probability between 0 and 1', 'probability');
    const departures: number[] = [];
    for (let t = beginS; t < endS && departures.length < most; t += 1) if (random() < probability) departures.push(t);
    return departures;
  }
  if (number === undefined) throw faultAt(element, 'expected one of number, period, vehsPerHour, probability');
  return Array.from({ length: number }, (_, i) => beginS + (i * (endS - beginS)) / number);
};
