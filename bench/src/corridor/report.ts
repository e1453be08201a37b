import { drawLineChart } from '../line-chart.ts';
import { markdownTable } from '../markdown-table.ts';
import { CONTROLS, SIMULATORS, type CompareResult } from './compare-case.ts';
import { perPerson, type PersonDelay, type RunSummary } from './journeys.ts';

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
const one = (value: number): string => value.toFixed(1);
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const of = (results: readonly CompareResult[], simulator: string, control: string): readonly CompareResult[] =>
  results.filter((result) => result.simulator === simulator && result.control === control);

/** Less delay than the fixed plans (the best, else the engineer's) on the same morning; positive is better. */
const gains = (results: readonly CompareResult[], own: readonly CompareResult[]): readonly number[] =>
  own.flatMap(({ simulator, seed, summary }) => {
    const same = results.filter((result) => result.simulator === simulator && result.seed === seed);
    const fixed = same.find(({ control }) => control === 'best fixed') ?? same.find(({ control }) => control === 'engineer');
    return fixed ? [1 - perPerson(summary) / perPerson(fixed.summary)] : [];
  });

const perKind = (own: readonly CompareResult[], kind: string): string =>
  one(mean(own.flatMap(({ summary }) => (summary.byKind[kind] ? [perPerson(summary.byKind[kind])] : []))));

/** Mean delay per person of each control, over all and by kind of journey. */
export const corridorTable = (results: readonly CompareResult[]): string => {
  const kinds = [...new Set(results.flatMap(({ summary }) => Object.keys(summary.byKind)))].sort();
  const rows = SIMULATORS.flatMap((simulator) =>
    CONTROLS.flatMap((control) => {
      const own = of(results, simulator, control);
      if (own.length === 0) return [];
      const delays = own.map(({ summary }) => perPerson(summary));
      const gain = gains(results, own);
      const count = (read: (summary: RunSummary) => number): string => mean(own.map(({ summary }) => read(summary))).toFixed(0);
      return [
        [
          ...[simulator, control, own.length, one(mean(delays)), one(Math.max(...delays))],
          ...(gain.length > 0 ? [percent(mean(gain)), percent(Math.min(...gain))] : ['', '']),
          ...kinds.map((kind) => perKind(own, kind)),
          ...[count(({ arrived }) => arrived), count(({ onTheWay }) => onTheWay), count(({ neverInserted }) => neverInserted)],
        ],
      ];
    }),
  );
  const head = ['simulator', 'control', 'seeds', 's/person', 'worst seed', 'less than fixed', 'least of a seed'];
  return markdownTable([...head, ...kinds, 'arrived', 'on the way', 'never inserted'], rows);
};

/** Mean delay per person of those who enter on each edge: where a control loses what. */
export const entryTable = (results: readonly CompareResult[]): string => {
  const entries = [...new Set(results.flatMap(({ summary }) => Object.keys(summary.byEntry)))].sort();
  const rows = SIMULATORS.flatMap((simulator) =>
    CONTROLS.flatMap((control) => {
      const own = of(results, simulator, control);
      const at = (entry: string): string => one(mean(own.flatMap(({ summary }) => asList(summary.byEntry[entry]).map(perPerson))));
      return own.length > 0 ? [[simulator, control, ...entries.map(at)]] : [];
    }),
  );
  return markdownTable(['simulator', 'control', ...entries], rows);
};

const clock = (s: number): string =>
  `${String(Math.floor(s / 3600)).padStart(2, '0')}:${String(Math.floor((s % 3600) / 60)).padStart(2, '0')}`;

/** Delay over the morning, by the quarter of an hour in which people wanted to leave. */
export const corridorFigure = (results: readonly CompareResult[], simulator: string): string => {
  const quarters = [...new Set(results.flatMap(({ summary }) => Object.keys(summary.byQuarter)))].map(Number).sort((a, b) => a - b);
  const series = CONTROLS.flatMap((control) => {
    const own = of(results, simulator, control);
    const at = (quarter: number): number => mean(own.flatMap(({ summary }) => asList(summary.byQuarter[quarter]).map(perPerson)));
    return own.length > 0 ? [{ name: control, points: quarters.map((quarter) => [quarter, at(quarter)] as const) }] : [];
  });
  return drawLineChart({
    title: `Corridor in ${simulator === 'micro' ? 'our simulator' : 'SUMO'}`,
    xLabel: 'begin of the journey',
    yLabel: 'mean delay per person, s',
    series,
    formatX: clock,
  });
};

const asList = (delay: PersonDelay | undefined): readonly PersonDelay[] => (delay ? [delay] : []);
