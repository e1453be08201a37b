import type { Lamp } from '@songxanh/core';
import type { CompatibilityCard } from './card.ts';
import { sample, startMonitor } from './monitor.ts';
import { outputsOf, RED, GREEN } from './outputs.ts';

/** Main road (heads 0, 1) against side road (head 2); a crossing (head 3) of the side road, compatible with the main road. */
const card: CompatibilityCard = {
  junction: 'X',
  headCount: 4,
  channels: [
    { name: 'main', heads: [0, 1], minClearanceMs: 3000, flash: 'flash-yellow' },
    { name: 'side', heads: [2], minClearanceMs: 3000, flash: 'flash-red' },
    { name: 'walk', heads: [3], minClearanceMs: 8000, flash: 'flash-red' },
  ],
  conflicts: [
    [0, 1],
    [1, 2],
  ],
};

/** One letter per head. */
const LETTERS: Readonly<Record<string, Lamp>> = { r: 'red', y: 'clearance', g: 'permissive', G: 'green' };
const bits = (text: string): Uint8Array => Uint8Array.from(text, (c) => outputsOf(LETTERS[c] ?? 'dark'));

/** Faults of a sequence of samples, `[ms, heads]`. */
const faults = (samples: readonly (readonly [number, string])[]): readonly (string | undefined)[] => {
  let state = startMonitor(card);
  return samples.map(([at, heads]) => {
    const result = sample(card, state, bits(heads), bits(heads), at);
    state = result.state;
    return result.fault?.split(':')[0];
  });
};

describe('the conflict monitor', () => {
  it.each([
    ['main road and its crossing green together', [[0, 'GGrG']], [undefined]],
    ['green that yields is right of way like any other', [[0, 'ggGr']], ['conflict']],
    ['one head of a channel is enough for a conflict', [[0, 'rGGr']], ['conflict']],
    ['yellow against green', [[0, 'yyGr']], ['conflict']],
    ['all red', [[0, 'rrrr']], [undefined]],
    [
      'a full yellow',
      [
        [0, 'GGrr'],
        [1000, 'yyrr'],
        [4000, 'rrrr'],
      ],
      [undefined, undefined, undefined],
    ],
    [
      'a yellow that is 100 ms short',
      [
        [0, 'GGrr'],
        [1000, 'yyrr'],
        [3900, 'rrrr'],
      ],
      [undefined, undefined, 'short-clearance'],
    ],
    [
      'green straight to red',
      [
        [0, 'GGrr'],
        [1000, 'rrrr'],
      ],
      [undefined, 'short-clearance'],
    ],
    [
      'a short pedestrian clearance',
      [
        [0, 'GGrG'],
        [1000, 'GGry'],
        [6000, 'GGrr'],
      ],
      [undefined, undefined, 'short-clearance'],
    ],
    [
      'yellow back to green',
      [
        [0, 'GGrr'],
        [1000, 'yyrr'],
        [2000, 'GGrr'],
      ],
      [undefined, undefined, undefined],
    ],
    [
      'red straight to green',
      [
        [0, 'rrrr'],
        [1000, 'GGrr'],
      ],
      [undefined, undefined],
    ],
  ] as [string, [number, string][], (string | undefined)[]][])('%s', (_, samples, expected) => {
    expect(faults(samples)).toEqual(expected);
  });

  it('names the channels of a conflict', () => {
    expect(sample(card, startMonitor(card), bits('GGGr'), bits('GGGr'), 0).fault).toBe(
      'conflict: main and side have right of way together',
    );
  });

  it('finds red and green on one head', () => {
    const outputs = bits('rrrr');
    outputs[2] = RED | GREEN;
    expect(sample(card, startMonitor(card), outputs, bits('rrrr'), 0).fault).toContain('multiple-indication: side head 2');
  });

  it('finds a dark head that should be red, and lets a dark head pass that should be green', () => {
    const dark = (text: string): Uint8Array => bits(text).fill(0, 0, 1);
    expect(sample(card, startMonitor(card), dark('rrGr'), bits('rrGr'), 0).fault).toContain('red-failure: main head 0');
    expect(sample(card, startMonitor(card), dark('GGrr'), bits('GGrr'), 0).fault).toBeUndefined();
  });
});
