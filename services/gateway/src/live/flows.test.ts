import { detectorId, milliseconds, type DetectorCount, type Site } from '@songxanh/core';
import { keepFlows } from './flows.ts';

const site = {
  id: 'J1',
  detectors: [
    { id: 'stop', lane: 'a_0', role: 'stop-line' },
    { id: 'up', lane: 'a_0', role: 'upstream' },
    { id: 'only', lane: 'b_0', role: 'stop-line' },
    { id: 'button', role: 'push-button' },
  ],
} as unknown as Site;
const count = (detector: string, n: number, quality: DetectorCount['quality'] = 'good'): DetectorCount => ({
  ...{ detector: detectorId(detector), count: n, occupied: milliseconds(0), on: false, quality },
});
/** A second after the other, each with these counts. */
const pass = (flows: ReturnType<typeof keepFlows>, from: number, forS: number, counts: readonly DetectorCount[]): void => {
  for (let s = 0; s < forS; s += 1) flows.see('J1', from + s * 1000, from + (s + 1) * 1000, counts);
};

describe('flows by lane', () => {
  it('count a lane once, upstream of its queue, and one without such a loop at the stop line', () => {
    const flows = keepFlows([site]);
    pass(flows, 0, 120, [count('stop', 9), count('up', 1), count('only', 2)]);
    expect(flows.take()?.['a_0']).toBeCloseTo(3600, -2);
    expect(flows.take()).toBeUndefined();
    pass(flows, 120_000, 15, []);
    expect(flows.take()?.['b_0']).toBeGreaterThan(6000);
  });

  it('say nothing in the first minute, nor of a loop that is not to be trusted', () => {
    const flows = keepFlows([site]);
    pass(flows, 0, 59, [count('up', 1)]);
    expect(flows.take()).toBeUndefined();
    pass(flows, 59_000, 61, [count('up', 1), count('only', 5, 'failed')]);
    expect(flows.take()).not.toHaveProperty('b_0');
  });

  it('forget what is over, and begin anew with a street that begins again', () => {
    const flows = keepFlows([site]);
    pass(flows, 0, 120, [count('up', 1)]);
    pass(flows, 120_000, 600, [count('only', 1)]);
    expect(flows.take()).not.toHaveProperty('a_0');
    pass(flows, 0, 30, [count('up', 1)]);
    expect(flows.take()).toBeUndefined();
  });
});
