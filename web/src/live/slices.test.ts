import type { LiveDelta, LiveSignals } from '@songxanh/wire/live';
import { slicesOf } from './slices.ts';

const signals = (count: number): Record<string, LiveSignals> =>
  Object.fromEntries(Array.from({ length: count }, (_, k) => [`J${String(k)}`, { lamps: 'r' } as unknown as LiveSignals]));
const delta = (count: number): LiveDelta => ({
  ...{ type: 'delta', seq: 7, at: 1000, signals: signals(count), queues: { a: 1 } },
  detectors: { J0: '1', J260: '0', elsewhere: '1' },
});

describe('a second of a large city', () => {
  test('comes in parts that together are the whole, each thing once', () => {
    const parts = slicesOf(delta(600)) as readonly LiveDelta[];
    expect(parts.map(({ signals: some = {} }) => Object.keys(some).length)).toEqual([250, 250, 100]);
    expect(Object.assign({}, ...parts.map((part) => part.signals ?? {}))).toEqual(signals(600));
    expect(parts.map(({ queues }) => queues)).toEqual([{ a: 1 }, undefined, undefined]);
    expect(parts.map(({ detectors }) => detectors)).toEqual([{ J0: '1', elsewhere: '1' }, { J260: '0' }, {}]);
    expect(parts.every(({ seq, at }) => seq === 7 && at === 1000)).toBe(true);
  });

  test('of a small one comes as it is, and so does a snapshot', () => {
    const small = delta(250);
    expect(slicesOf(small)).toEqual([small]);
    const snapshot = { ...delta(600), type: 'snapshot' } as unknown as Parameters<typeof slicesOf>[0];
    expect(slicesOf(snapshot)).toEqual([snapshot]);
  });
});
