import type { LiveMessage } from '@songxanh/wire/live';

/** So many junctions at once cost the page a few milliseconds to take in. */
const SLICE = 250;

/** A large city's second in parts that a page can take in between its frames: the first has all that is not by junction. */
export const slicesOf = (message: LiveMessage): readonly LiveMessage[] => {
  const ids = Object.keys(message.signals ?? {});
  // A snapshot replaces everything: it cannot come in parts.
  if (message.type === 'snapshot' || ids.length <= SLICE) return [message];
  const { signals = {}, detectors, ...rest } = message;
  const { type, seq, at } = rest;
  const parts = Array.from({ length: Math.ceil(ids.length / SLICE) }, (_, k) => ids.slice(k * SLICE, (k + 1) * SLICE));
  const only = <T>(all: Readonly<Record<string, T>>, some: readonly string[]): Record<string, T> =>
    Object.fromEntries(some.flatMap((id) => (all[id] === undefined ? [] : [[id, all[id]]])));
  const inSignals = new Set(ids);
  const others = Object.keys(detectors ?? {}).filter((id) => !inSignals.has(id));
  return parts.map((part, k) => ({
    ...(k === 0 ? rest : { type, seq, at }),
    signals: only(signals, part),
    ...(detectors === undefined ? {} : { detectors: only(detectors, k === 0 ? [...part, ...others] : part) }),
  }));
};
