/** One draw of mulberry32 (Tommy Ettinger, public domain) from the state kept at `states[i]`: uniform in [0, 1). */
export const drawUniform = (states: Uint32Array, i: number): number => {
  const state = (states[i]! + 0x6d2b79f5) >>> 0;
  states[i] = state;
  let t = state;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};

/** A normal draw, cut to [min, max] by redrawing as SUMO's `normc` does. */
export const drawCutNormal = (states: Uint32Array, i: number, mean: number, deviation: number, min: number, max: number): number => {
  if (deviation <= 0) return mean;
  for (let tries = 0; tries < 100; tries++) {
    const radius = Math.sqrt(-2 * Math.log(1 - drawUniform(states, i)));
    const value = mean + deviation * radius * Math.cos(2 * Math.PI * drawUniform(states, i));
    if (value >= min && value <= max) return value;
  }
  return Math.min(max, Math.max(min, mean));
};

/** A start state for stream `stream` of `seed`; neighbouring streams are unrelated (splitmix32 finaliser). */
export const streamState = (seed: number, stream: number): number => {
  let h = (Math.imul(seed + 1, 0x9e3779b9) ^ Math.imul(stream + 1, 0x85ebca6b)) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return (h ^ (h >>> 15)) >>> 0;
};
