import type { JunctionId } from '../ids.ts';
import type { Instant } from '../time.ts';
import type { RequestEnd } from './request-desk.ts';
import type { RequestAccount } from './comparison.ts';
import type { RequestId, RequestStatus } from './priority-request.ts';

/** How one request ended. */
export interface RequestOutcome {
  readonly request: RequestId;
  readonly junction: JunctionId;
  readonly at: Instant;
  readonly line: string;
  readonly vehicle: string;
  readonly end: RequestEnd;
  readonly status: RequestStatus;
  readonly granted: boolean;
  /** Its green came only after it may have arrived. */
  readonly late: boolean;
}

/** The optimizer's account of one request, when its comparison has settled. */
export interface RequestProof extends RequestAccount {
  readonly request: RequestId;
  readonly junction: JunctionId;
  readonly at: Instant;
}

/** A line's month as its operator reads it. */
export interface PriorityStatement {
  readonly line: string;
  /** yyyy-mm of the street's clocks. */
  readonly month: string;
  readonly requests: number;
  readonly granted: number;
  /** Requests that saved their vehicle at least HELPED_S. */
  readonly helped: number;
  readonly lateGrants: number;
  /** Requests whose comparison is known. */
  readonly proved: number;
  readonly savedS: number;
  /** Person-seconds all others lost, gains taken off. */
  readonly costPersonS: number;
  /** Standard deviation / mean of the headways at the last place of the line where enough vehicles passed; absent where none has. */
  readonly headwayVariation?: number;
}

/** Less is within what the comparison can tell. */
export const HELPED_S = 1;

const tenths = (value: number): number => Math.round(value * 10) / 10;

/** Statements by line and month, in that order. */
export const statementsOf = (
  outcomes: readonly RequestOutcome[],
  proofs: readonly RequestProof[],
  monthOf: (at: Instant) => string,
  headwayVariationOf: (line: string, month: string) => number | undefined = () => undefined,
): readonly PriorityStatement[] => {
  const proofOf = new Map(proofs.map((proof) => [`${proof.junction} ${proof.request}`, proof]));
  const months = new Map<string, RequestOutcome[]>();
  for (const outcome of outcomes) {
    const key = `${outcome.line}\n${monthOf(outcome.at)}`;
    months.set(key, [...(months.get(key) ?? []), outcome]);
  }
  return [...months.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, all]): PriorityStatement => {
      const [line = '', month = ''] = key.split('\n');
      const proved = all.flatMap(({ junction, request }) => proofOf.get(`${junction} ${request}`) ?? []);
      const variation = headwayVariationOf(line, month);
      return {
        line,
        month,
        requests: all.length,
        granted: all.filter(({ granted }) => granted).length,
        helped: proved.filter(({ savedS }) => savedS >= HELPED_S).length,
        lateGrants: all.filter(({ late }) => late).length,
        proved: proved.length,
        savedS: tenths(proved.reduce((total, { savedS }) => total + savedS, 0)),
        costPersonS: tenths(proved.reduce((total, { costPersonS }) => total + costPersonS, 0)),
        ...(variation === undefined ? {} : { headwayVariation: Math.round(variation * 1000) / 1000 }),
      };
    });
};
