import type { Site } from '@songxanh/core';
import { createLetters } from './state-letters.ts';

const site = {
  headCount: 3,
  groups: [
    { kind: 'vehicle', heads: [0, 1] },
    { kind: 'pedestrian', heads: [2] },
  ],
} as unknown as Site;

test('each lamp becomes its letter, and people on foot are held during their clearance', () => {
  const letters = createLetters(site);
  expect(letters(['green', 'permissive', 'green'])).toBe('GgG');
  expect(letters(['clearance', 'clearance', 'clearance'])).toBe('yyr');
  expect(letters(['flash-yellow', 'flash-red', 'dark'])).toBe('oro');
});

test('a head without a lamp is red', () => {
  expect(createLetters(site)(['green'])).toBe('Grr');
});
