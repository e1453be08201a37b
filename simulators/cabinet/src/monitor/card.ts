import { accept, refuse, type Lamp, type Result, type Site } from '@songxanh/core';

/**
 * What the conflict monitor knows, and all it knows: the electronic counterpart of the card with soldered diodes in a real cabinet.
 * It is made from the site once, reviewed, and kept apart from everything the controller uses. Channels are signal groups; heads are cabinet outputs.
 */
export interface CompatibilityCard {
  readonly junction: string;
  readonly channels: readonly {
    readonly name: string;
    readonly heads: readonly number[];
    /** Shortest yellow or pedestrian clearance between green and red, ms. */
    readonly minClearanceMs: number;
    /** What its heads show in flash. */
    readonly flash: 'flash-yellow' | 'flash-red';
  }[];
  /** Pairs of channels (by position) that must never have right of way together. */
  readonly conflicts: readonly (readonly [number, number])[];
  readonly headCount: number;
}

export const deriveCard = (site: Site): CompatibilityCard => {
  const channelOf = new Map(site.groups.map((g, i) => [g.id, i]));
  return {
    junction: site.id,
    headCount: site.headCount,
    channels: site.groups.map((g) => ({
      name: g.id,
      heads: g.heads,
      minClearanceMs: g.clearance,
      // Pedestrians' heads have no yellow.
      flash: site.flashYellow.includes(g.id) && g.kind !== 'pedestrian' ? 'flash-yellow' : 'flash-red',
    })),
    conflicts: site.conflicts.flatMap((c) => {
      const a = c.kind === 'hard' ? channelOf.get(c.a) : undefined;
      const b = c.kind === 'hard' ? channelOf.get(c.b) : undefined;
      return a === undefined || b === undefined ? [] : [[a, b] as const];
    }),
  };
};

const isIndex = (n: unknown, below: number): boolean => typeof n === 'number' && Number.isInteger(n) && n >= 0 && n < below;

/** Reads a card file; refuses with file, element and what was expected. */
export const parseCard = (text: string, file: string): Result<CompatibilityCard> => {
  const bad = (where: string, expected: string): Result<CompatibilityCard> =>
    refuse('malformed-card', `${file}: ${where}: expected ${expected}`);
  let card: CompatibilityCard;
  try {
    card = JSON.parse(text) as CompatibilityCard;
  } catch (error) {
    return bad((error as Error).message, 'JSON');
  }
  if (typeof card !== 'object' || card === null || typeof card.junction !== 'string') return bad('junction', 'the id of a junction');
  if (!isIndex(card.headCount, 256)) return bad('headCount', 'a whole number up to 255');
  if (!Array.isArray(card.channels)) return bad('channels', 'a list');
  for (const [i, c] of card.channels.entries()) {
    const where = `channels[${String(i)}]`;
    if (!Array.isArray(c.heads) || !c.heads.every((h: unknown) => isIndex(h, card.headCount)))
      return bad(`${where}.heads`, 'heads below headCount');
    if (!isIndex(c.minClearanceMs, 600_000)) return bad(`${where}.minClearanceMs`, 'whole milliseconds');
    if (c.flash !== 'flash-yellow' && c.flash !== 'flash-red') return bad(`${where}.flash`, 'flash-yellow or flash-red');
  }
  if (!Array.isArray(card.conflicts)) return bad('conflicts', 'a list');
  for (const [i, pair] of card.conflicts.entries())
    if (!Array.isArray(pair) || pair.length !== 2 || !pair.every((n) => isIndex(n, card.channels.length)))
      return bad(`conflicts[${String(i)}]`, 'two positions of channels');
  return accept(card);
};

/** Lamps of all heads in flash; a head of no channel flashes red. */
export const flashHeads = (card: CompatibilityCard): readonly Lamp[] => {
  const heads = new Array<Lamp>(card.headCount).fill('flash-red');
  for (const channel of card.channels) for (const head of channel.heads) heads[head] = channel.flash;
  return heads;
};
