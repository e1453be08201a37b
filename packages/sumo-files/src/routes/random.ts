/** Uniform numbers in [0, 1) from a seed: splitmix32 (Steele, Lea, Flood, OOPSLA 2014, reduced to 32 bits). */
export const createRandom = (seed: number): (() => number) => {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    z ^= z >>> 15;
    return (z >>> 0) / 2 ** 32;
  };
};

/** A seed from a name, so that each flow has its own stream whatever stands beside it (FNV-1a). */
export const seedFrom = (seed: number, name: string): number => {
  let hash = 0x811c9dc5 ^ seed;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash;
};

/** One of the values, by weight. */
export const choose = <T>(values: readonly { readonly value: T; readonly weight: number }[], random: () => number): T | undefined => {
  let left = random() * values.reduce((total, { weight }) => total + weight, 0);
  for (const { value, weight } of values) {
    left -= weight;
    if (left < 0) return value;
  }
  return values.at(-1)?.value;
};
