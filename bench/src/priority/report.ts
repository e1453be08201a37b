import { markdownTable } from '../markdown-table.ts';
import { delayPerJunction, estimate, headwayVariation, passagesOf, standingPerJunction, type BusPassage } from './measures.ts';
import { FROM_S, type PriorityResult } from './run-case.ts';

const percent = (values: readonly number[]): string => {
  if (values.length === 0) return '';
  const { mean, half } = estimate(values);
  return `${(100 * mean).toFixed(1)} %${Number.isNaN(half) ? '' : ` (${(100 * (mean - half)).toFixed(1)}…${(100 * (mean + half)).toFixed(1)})`}`;
};
const meanOf = (values: readonly number[]): string => estimate(values).mean.toFixed(1);

interface Pair {
  readonly own: readonly BusPassage[];
  readonly base: readonly BusPassage[];
}

/** A bus counts as late at a junction when it had lost this much before it in the run without priority. */
const LATE_S = 60;

/** Less delay at the junctions to which buses came late (or not) without priority: of the same buses at the same junctions. */
const gainOf = ({ own, base }: Pair, late: boolean): readonly number[] => {
  const key = ({ bus, place }: BusPassage): string => `${bus} ${String(place)}`;
  const given = new Map(own.map((passage) => [key(passage), passage]));
  const pairs = base
    .filter(({ lostBeforeS }) => lostBeforeS >= LATE_S === late)
    .flatMap((before) => {
      const after = given.get(key(before));
      return after === undefined ? [] : [{ before, after }];
    });
  return pairs.length === 0
    ? []
    : [delayPerJunction(pairs.map(({ before }) => before)) - delayPerJunction(pairs.map(({ after }) => after))];
};

const perPerson = ({ others }: PriorityResult): number => others.personDelayS / others.persons;

/** What each case did to buses and others, against the run of the same seed without priority. */
export const priorityReport = (results: readonly PriorityResult[], date: string): string => {
  const baseOf = new Map(results.filter(({ kind }) => kind === 'none').map((result) => [result.seed, result]));
  const cases = [...new Set(results.map(({ kind, latencyS }) => `${kind} ${String(latencyS)}`))];
  const rows = cases.map((name) => {
    const [kind = '', latency = ''] = name.split(' ');
    const own = results.filter((result) => result.kind === kind && String(result.latencyS) === latency);
    const passages = own.map((result) => passagesOf(result, FROM_S));
    const pairs = own.flatMap((result, i) => {
      const base = baseOf.get(result.seed);
      return base === undefined || kind === 'none' ? [] : [{ result, base, own: passages[i]!, before: passagesOf(base, FROM_S) }];
    });
    const gains = (late: boolean): string => {
      const values = pairs.flatMap(({ own: given, before }) => gainOf({ own: given, base: before }, late));
      return values.length === 0 ? '' : meanOf(values);
    };
    return [
      ...[kind, kind === 'none' ? '' : latency, own.length],
      ...[
        meanOf(passages.map(delayPerJunction)),
        percent(pairs.map((pair) => delayPerJunction(pair.own) / delayPerJunction(pair.before) - 1)),
      ],
      ...[
        meanOf(passages.map(standingPerJunction)),
        percent(pairs.map((pair) => standingPerJunction(pair.own) / standingPerJunction(pair.before) - 1)),
      ],
      ...[
        estimate(passages.map(headwayVariation)).mean.toFixed(2),
        percent(pairs.map((pair) => headwayVariation(pair.own) / headwayVariation(pair.before) - 1)),
      ],
      ...[meanOf(own.map(perPerson)), percent(pairs.map(({ result, base }) => perPerson(result) / perPerson(base) - 1))],
      ...[gains(true), gains(false)],
      ...[
        meanOf(own.map(({ requests }) => requests)),
        percent(own.filter(({ requests }) => requests > 0).map(({ granted, requests }) => granted / requests)),
      ],
    ];
  });
  const head = [
    ...['priority', 'feed late, s', 'seeds', 'bus delay per junction, s', 'change (95 %)', 'of it standing, s', 'change (95 %)'],
    ...['cv of headways', 'change (95 %)'],
    ...["others' delay, s/person", 'change (95 %)', 'late buses gain, s/junction', 'others of the line gain', 'requests', 'granted'],
  ];
  const seeds = [...new Set(results.map(({ seed }) => seed))].sort((a, b) => a - b).join(', ');
  const caption = `Corridor, ${results[0]?.sim === 'sumo' ? 'SUMO' : 'our simulator'}, ${String(results[0]?.minutes ?? 0)} min from 07:00 on, seeds ${seeds}; changes paired by seed; late: had lost ${String(LATE_S)} s before the junction; recorded ${date}.`;
  return `${caption}\n\n${markdownTable(head, rows)}`;
};
