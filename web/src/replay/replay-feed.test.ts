import type { LiveDelta, LiveSnapshot } from '@songxanh/wire/live';
import { parseSegment, stateAt } from './replay-feed.ts';

const snapshot: LiveSnapshot = {
  ...{ type: 'snapshot', seq: 1, at: 1000, signals: {}, detectors: {}, queues: {}, vehicles: [], kpis: {}, decisions: [] },
  health: { processes: [], degraded: [], refusals: {} },
};
const delta = (seq: number, at: number): LiveDelta => ({ type: 'delta', seq, at, queues: { a: seq } });
const minute = parseSegment([snapshot, delta(2, 2000), delta(3, 3000)].map((message) => `${JSON.stringify(message)}\n`).join(''));

test.each([
  [500, 1, undefined],
  [1000, 1, undefined],
  [2500, 2, 2],
  [9000, 3, 3],
])('at %d ms the page is as it was then', (at, seq, queue) => {
  const state = stateAt(minute, at);
  expect([state?.seq, state?.queues['a']]).toEqual([seq, queue]);
});
