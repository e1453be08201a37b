import type { Outcome } from './run.ts';

/** What SUMO and we should agree on, by the project's own yardstick. */
export const LIMITS = { durationS: 0.05, timeLossS: 0.1, geh: 5, flowShare: 0.95, countShare: 0.9 } as const;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

/** GEH statistic of two hourly flows (UK DMRB; TfL Traffic Modelling Guidelines). */
export const geh = (a: number, b: number): number => (a + b === 0 ? 0 : Math.sqrt((2 * (a - b) ** 2) / (a + b)));

/** Share of approaches whose hourly flows agree. */
export const flowShare = (ours: readonly Outcome[], theirs: readonly Outcome[]): number => {
  const edges = Object.keys(theirs[0]!.counts);
  const flow = (runs: readonly Outcome[], edge: string): number => mean(runs.map(({ counts }) => total(counts[edge] ?? [])));
  return mean(edges.map((edge) => (geh(flow(ours, edge), flow(theirs, edge)) < LIMITS.geh ? 1 : 0)));
};

/** Share of all five-minute counts of `one` run that lie between the least and the most of `others`. */
const insideShare = (one: Outcome, others: readonly Outcome[]): number =>
  mean(
    Object.entries(one.counts).flatMap(([edge, bins]) =>
      bins.map((count, bin) => {
        const range = others.map(({ counts }) => counts[edge]?.[bin] ?? 0);
        return count >= Math.min(...range) && count <= Math.max(...range) ? 1 : 0;
      }),
    ),
  );

/** Share of five-minute counts inside SUMO's range over its seeds: ours, and SUMO's own, each seed against the others. */
export const countShares = (ours: readonly Outcome[], theirs: readonly Outcome[]): { readonly ours: number; readonly theirs: number } => {
  // Both against one seed less than there are, so that they can be compared.
  const without = theirs.map((_, i) => theirs.filter((_other, k) => k !== i));
  return {
    ours: mean(ours.flatMap((run) => without.map((others) => insideShare(run, others)))),
    theirs: mean(theirs.map((run, i) => insideShare(run, without[i]!))),
  };
};

/** Student's t for 95 % by degrees of freedom 1 … 9. */
const T95 = [12.71, 4.3, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26];

/** Mean of paired differences, and whether its sign is certain (95 %). */
export const pairedDifference = (a: readonly number[], b: readonly number[]): { readonly mean: number; readonly isCertain: boolean } => {
  const differences = a.map((value, i) => value - b[i]!);
  const n = differences.length;
  const centre = mean(differences);
  const deviation = Math.sqrt(total(differences.map((d) => (d - centre) ** 2)) / Math.max(1, n - 1));
  return { mean: centre, isCertain: n > 1 && Math.abs(centre) > ((T95[n - 2] ?? 2) * deviation) / Math.sqrt(n) };
};
