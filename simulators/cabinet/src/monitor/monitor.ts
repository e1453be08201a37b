import type { CompatibilityCard } from './card.ts';
import { GREEN, RED, YELLOW, type Outputs } from './outputs.ts';

/** Since when each channel has shown its clearance, and what it showed before. */
export interface MonitorState {
  /** Union of the lit lamps of each channel's heads at the last sample; undefined after flash. */
  readonly last: readonly number[] | undefined;
  readonly clearanceSince: readonly number[];
}

export interface MonitorResult {
  readonly state: MonitorState;
  /** A fault with its reason: which channels, what was seen. */
  readonly fault: string | undefined;
}

export const startMonitor = (card: CompatibilityCard): MonitorState => ({
  last: undefined,
  clearanceSince: card.channels.map(() => 0),
});

const hasRightOfWay = (lit: number): boolean => (lit & (GREEN | YELLOW)) !== 0;

const findConflict = (card: CompatibilityCard, lit: readonly number[]): string | undefined => {
  const pair = card.conflicts.find(([a, b]) => hasRightOfWay(lit[a] ?? 0) && hasRightOfWay(lit[b] ?? 0));
  if (pair === undefined) return undefined;
  const [a, b] = pair.map((i) => card.channels[i]?.name ?? '');
  return `conflict: ${a ?? ''} and ${b ?? ''} have right of way together`;
};

/** A lamp without voltage on every colour, or red and green at once, on one head. */
const findBadHead = (card: CompatibilityCard, outputs: Outputs): string | undefined => {
  for (const channel of card.channels) {
    for (const head of channel.heads) {
      const lit = outputs[head] ?? 0;
      if ((lit & RED) !== 0 && (lit & (GREEN | YELLOW)) !== 0)
        return `multiple-indication: ${channel.name} head ${String(head)} shows red and another colour`;
    }
  }
  return undefined;
};

const findRedFailure = (card: CompatibilityCard, outputs: Outputs, commanded: Outputs): string | undefined => {
  for (const channel of card.channels)
    for (const head of channel.heads)
      if ((commanded[head] ?? 0) === RED && (outputs[head] ?? 0) === 0)
        return `red-failure: ${channel.name} head ${String(head)} is dark and should be red`;
  return undefined;
};

const findShortClearance = (card: CompatibilityCard, state: MonitorState, lit: readonly number[], atMs: number): string | undefined => {
  const { last, clearanceSince } = state;
  if (last === undefined) return undefined;
  for (const [i, channel] of card.channels.entries()) {
    if (channel.minClearanceMs === 0 || lit[i] !== RED) continue;
    const before = last[i] ?? 0;
    const shown = (before & YELLOW) !== 0 ? atMs - (clearanceSince[i] ?? 0) : (before & GREEN) !== 0 ? 0 : undefined;
    if (shown !== undefined && shown < channel.minClearanceMs)
      return `short-clearance: ${channel.name} showed ${String(shown)} ms, at least ${String(channel.minClearanceMs)} ms expected`;
  }
  return undefined;
};

/**
 * One sample of the outputs. `commanded` is what the controller's outputs say, `outputs` what is lit after failures and short circuits.
 * Trusts nobody: it knows the card and what it sees, not plans, stages or time of day. Signals in flash are not sampled.
 */
export const sample = (card: CompatibilityCard, state: MonitorState, outputs: Outputs, commanded: Outputs, atMs: number): MonitorResult => {
  const lit = card.channels.map((c) => c.heads.reduce((sum, h) => sum | (outputs[h] ?? 0), 0));
  const fault =
    findConflict(card, lit) ??
    findBadHead(card, outputs) ??
    findRedFailure(card, outputs, commanded) ??
    findShortClearance(card, state, lit, atMs);
  const clearanceSince = lit.map((l, i) =>
    (l & YELLOW) !== 0 && ((state.last?.[i] ?? 0) & YELLOW) === 0 ? atMs : (state.clearanceSince[i] ?? 0),
  );
  return { state: { last: lit, clearanceSince }, fault };
};
