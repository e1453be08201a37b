import type { Instant } from '@songxanh/core';
import { createLoopPulses, type Passage } from './loop-pulses.ts';

const at = (ms: number): Instant => ms as Instant;
const passage = (vehicle: string, enter: number, leave?: number): Passage => ({
  vehicle,
  enter: at(enter),
  leave: leave === undefined ? undefined : at(leave),
});
const shown = (pulses: readonly { at: number; on: boolean }[]): string[] => pulses.map((pulse) => `${pulse.on ? 'on' : 'off'} ${pulse.at}`);

test('a vehicle that crosses within a step makes one pulse, stamped in whole 100 ms', () => {
  const pulses = createLoopPulses('loop');
  expect(shown(pulses([passage('a', 240, 590)], at(1000)))).toEqual(['on 200', 'off 600']);
});

test('a vehicle that stands on the loop over several steps switches it on once and off once', () => {
  const pulses = createLoopPulses('loop');
  expect(shown(pulses([passage('a', 500)], at(1000)))).toEqual(['on 500']);
  expect(pulses([passage('a', 500)], at(2000))).toEqual([]);
  expect(shown(pulses([passage('a', 500, 2300)], at(3000)))).toEqual(['off 2300']);
});

test('motorcycles side by side make one pulse, from the first that enters to the last that leaves', () => {
  const pulses = createLoopPulses('loop');
  expect(shown(pulses([passage('a', 100, 500), passage('b', 300, 800)], at(1000)))).toEqual(['on 100', 'off 800']);
});

test('vehicles closer together than a stamp can tell still make a pulse each', () => {
  const pulses = createLoopPulses('loop');
  expect(shown(pulses([passage('a', 100, 130), passage('b', 140, 160)], at(1000)))).toEqual(['on 100', 'off 200', 'on 300', 'off 400']);
});

test('a stamp that rounding moves behind the end of the step comes with the next one', () => {
  const pulses = createLoopPulses('loop');
  expect(shown(pulses([passage('a', 990, 995)], at(1000)))).toEqual(['on 1000']);
  expect(shown(pulses([], at(2000)))).toEqual(['off 1100']);
});

test('a vehicle that leaves the lane on the loop without a leaving time frees it', () => {
  const pulses = createLoopPulses('loop');
  pulses([passage('a', 500)], at(1000));
  expect(shown(pulses([], at(2000)))).toEqual(['off 2000']);
});

test('no stamp is rounded back into the step before, which is already told', () => {
  const pulses = createLoopPulses('loop');
  pulses([], at(1000));
  expect(shown(pulses([passage('a', 1020, 1400)], at(2000)))).toEqual(['on 1100', 'off 1400']);
});
