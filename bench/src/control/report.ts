import { drawLineChart } from '../line-chart.ts';
import { markdownTable } from '../markdown-table.ts';
import { CITATION, type BenchNetwork } from './networks.ts';
import type { BenchCase, BenchController, BenchResult } from './run-one.ts';

export interface ControlResult {
  readonly network: string;
  readonly controller: BenchController;
  readonly seed: number;
  readonly result: Omit<BenchResult, 'verdict'>;
  readonly breaches: { shortGreens: number; missingYellows: number; conflictingProtectedGreens: number; yellowTraps: number };
  readonly longestRedS: number;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return mean(sorted.slice(Math.ceil(half) - 1, Math.floor(half) + 1));
};
const one = (value: number): string => value.toFixed(1);

const of = (results: readonly ControlResult[], network: BenchNetwork, controller: BenchController): readonly ControlResult[] =>
  results.filter((result) => result.network === network.name && result.controller === controller);

/** A run is locked when more than this many vehicles never came in (arterial4x4 is over capacity). */
const LOCKED_NEVER_INSERTED = 2;

const MEASURES = [
  'network',
  'controller',
  'seeds',
  'delay',
  'median',
  'worst',
  'locked',
  'time loss',
  'depart delay',
  'waiting',
  'arrived',
];
const COUNTERS = ['never inserted', 'short greens', 'missing yellows', 'conflicting', 'yellow traps', 'longest red, wanted or not'];

/** Every measured controller: strict delay in s per vehicle, its parts, and what the independent check of the signal states counted. */
export const controlTable = (
  results: readonly ControlResult[],
  networks: readonly BenchNetwork[],
  controllers: readonly BenchController[],
): string =>
  markdownTable(
    [...MEASURES, ...COUNTERS],
    networks.flatMap((network) =>
      controllers.flatMap((controller) => {
        const own = of(results, network, controller);
        if (own.length === 0) return [];
        const delays = own.map(({ result }) => result.strictDelayS);
        const part = (read: (result: ControlResult['result']) => number): string => one(mean(own.map(({ result }) => read(result))));
        const count = (read: (breaches: ControlResult['breaches']) => number): number =>
          own.reduce((sum, { breaches }) => sum + read(breaches), 0);
        return [
          [
            ...[network.name, controller, own.length, one(mean(delays)), one(median(delays)), one(Math.max(...delays))],
            own.filter(({ result }) => result.neverInserted > LOCKED_NEVER_INSERTED).length,
            ...[part((r) => r.timeLossS), part((r) => r.departDelayS), part((r) => r.waitingS), part((r) => r.arrived)],
            ...[part((r) => r.neverInserted), count((b) => b.shortGreens), count((b) => b.missingYellows)],
            ...[count((b) => b.conflictingProtectedGreens), count((b) => b.yellowTraps)],
            Math.max(...own.map(({ longestRedS }) => longestRedS)),
          ],
        ];
      }),
    ),
  );

/** Ours beside what others published, and the target of the regime. */
export const knownTable = (
  results: readonly ControlResult[],
  networks: readonly BenchNetwork[],
  { timing, sensing, countdown }: Pick<BenchCase, 'timing' | 'sensing' | 'countdown'>,
): string =>
  `${markdownTable(
    ['network', 'ours', 'target', 'fixed', 'SUMO actuated', 'max-wave', 'max-pressure', 'best learning'],
    networks.map(({ name, known, ...rest }) => {
      const delays = of(results, { name, known, ...rest }, 'adaptive').map(({ result }) => result.strictDelayS);
      return [
        ...[
          name,
          delays.length > 0 ? one(mean(delays)) : '',
          countdown === 'none' ? (known.target[`${timing} ${sensing}`] ?? '-') : one(countdownTarget(known)),
        ],
        ...[known.fixed, known.actuated, known.maxWave, known.maxPressure, `${known.learning} ${known.learningMethod}`],
      ];
    }),
  )}\nPublished: ${CITATION}.\n`;

/** With countdowns: at least a quarter less delay than the network's own program, and less than SUMO's actuated control. */
const countdownTarget = ({ fixed, actuated }: BenchNetwork['known']): number => Math.min(0.75 * fixed, actuated);

/** Delay over the hour, by the five minutes in which vehicles wanted to depart. */
export const controlFigure = (results: readonly ControlResult[], network: BenchNetwork, controllers: readonly BenchController[]): string =>
  drawLineChart({
    title: network.name,
    xLabel: 'departure, min',
    yLabel: 'mean delay, s per vehicle',
    formatX: (s) => String((s - network.beginS) / 60),
    series: controllers.flatMap((controller) => {
      const own = of(results, network, controller).map(({ result }) => result.delayByDepartureS);
      const begins = [...new Set(own.flatMap((delays) => Object.keys(delays)))].map(Number).sort((a, b) => a - b);
      const at = (begin: number): number => mean(own.flatMap((delays) => delays[begin] ?? []));
      return own.length > 0 ? [{ name: controller, points: begins.map((begin) => [begin, at(begin)] as const) }] : [];
    }),
  });
