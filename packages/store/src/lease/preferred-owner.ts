/** FNV-1a with a final avalanche (murmur3's), 32 bits: stable on every machine. */
const hash = (text: string): number => {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};

/**
 * Rendezvous hashing: which of the live owners should hold a junction. When one leaves, only its own junctions move.
 * Undefined without any owner.
 */
export const preferredOwner = (junction: string, owners: readonly string[]): string | undefined => {
  let best: string | undefined;
  let bestScore = -1;
  for (const owner of owners) {
    const score = hash(`${junction} ${owner}`);
    if (score > bestScore || (score === bestScore && best !== undefined && owner < best)) {
      best = owner;
      bestScore = score;
    }
  }
  return best;
};
