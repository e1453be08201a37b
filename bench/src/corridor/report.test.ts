import type { CompareResult } from './compare-case.ts';
import { summarize } from './journeys.ts';
import { corridorFigure, corridorTable } from './report.ts';

const result = (control: CompareResult['control'], seed: number, delayS: number): CompareResult => ({
  ...{ simulator: 'micro', control, seed, hours: 3 },
  summary: summarize([{ kind: 'car', entry: 'W0_J1', dueS: 23_400, delayS, persons: 1.6, end: 'arrived' }]),
});
const results = [result('best fixed', 2, 100), result('best fixed', 3, 50), result('adaptive', 2, 80), result('adaptive', 3, 45)];

const rowOf = (table: string, control: string): string[] =>
  (table.split('\n').find((line) => line.includes(`| ${control} |`)) ?? '').split('|').map((cell) => cell.trim());

test('the gain is that of each morning against the fixed plans on the same morning', () => {
  const [, , , seeds, delay, worst, gain, least] = rowOf(corridorTable(results), 'adaptive');
  expect({ seeds, delay, worst, gain, least }).toEqual({ seeds: '2', delay: '62.5', worst: '80.0', gain: '15.0 %', least: '10.0 %' });
});

test("without a search the engineer's plans are what is compared with", () => {
  const [, , , , , , gain] = rowOf(corridorTable([result('engineer', 2, 100), result('adaptive', 2, 110)]), 'adaptive');
  expect(gain).toBe('-10.0 %');
});

test('the figure has a line per control that was run', () => {
  const figure = corridorFigure(results, 'micro');
  expect(figure.match(/<polyline/g)).toHaveLength(2);
  expect(figure).not.toMatch(/NaN|Infinity/);
});
