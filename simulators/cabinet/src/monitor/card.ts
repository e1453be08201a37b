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
const isRecord = (x: unknown): x is Readonly<Record<string, unknown>> => typeof x === 'object' && x !== null;
const isList = (x: unknown): x is readonly unknown[] => Array.isArray(x);

/** What a card must be: the first element that is not, and what was expected. */
const findFlaw = (card: unknown): readonly [where: string, expected: string] | undefined => {
  if (!isRecord(card) || typeof card['junction'] !== 'string') return ['junction', 'the id of a junction'];
  const { headCount, channels, conflicts } = card;
  if (!isIndex(headCount, 256)) return ['headCount', 'a whole number up to 255'];
  if (!isList(channels)) return ['channels', 'a list'];
  for (const [i, c] of channels.entries()) {
    const where = `channels[${String(i)}]`;
    if (!isRecord(c) || typeof c['name'] !== 'string') return [`${where}.name`, 'the name of a signal group'];
    if (!isList(c['heads']) || !c['heads'].every((h) => isIndex(h, Number(headCount)))) return [`${where}.heads`, 'heads below headCount'];
    if (!isIndex(c['minClearanceMs'], 600_000)) return [`${where}.minClearanceMs`, 'whole milliseconds'];
    if (c['flash'] !== 'flash-yellow' && c['flash'] !== 'flash-red') return [`${where}.flash`, 'flash-yellow or flash-red'];
  }
  if (!isList(conflicts)) return ['conflicts', 'a list'];
  const bad = conflicts.findIndex((pair) => !isList(pair) || pair.length !== 2 || !pair.every((n) => isIndex(n, channels.length)));
  return bad === -1 ? undefined : [`conflicts[${String(bad)}]`, 'two positions of channels'];
};

/** Reads a card file; refuses with file, element and what was expected. */
export const parseCard = (text: string, file: string): Result<CompatibilityCard> => {
  let card: unknown;
  try {
    card = JSON.parse(text);
  } catch (error) {
    return refuse('malformed-card', `${file}: ${(error as Error).message}: expected JSON`);
  }
  const flaw = findFlaw(card);
  return flaw === undefined ? accept(card as CompatibilityCard) : refuse('malformed-card', `${file}: ${flaw[0]}: expected ${flaw[1]}`);
};

/** Lamps of all heads in flash; a head of no channel flashes red. */
export const flashHeads = (card: CompatibilityCard): readonly Lamp[] => {
  const heads = new Array<Lamp>(card.headCount).fill('flash-red');
  for (const channel of card.channels) for (const head of channel.heads) heads[head] = channel.flash;
  return heads;
};
