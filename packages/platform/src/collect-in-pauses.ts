import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Wall time without work that counts as a pause: longer than between two steps of a street that goes as fast as it can. */
const PAUSE_MS = 40;

/**
 * Collects what the work of a second has left behind before the next one begins: otherwise the collector stops the process (for 2 to 15 ms on two
 * cores) whenever its space is full, which is while somebody waits for an answer. Call what it returns after each piece of work.
 */
export const collectInPauses = (): (() => void) => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (what: { readonly type: 'minor' }) => void;
  const timer = setTimeout(() => {
    collect({ type: 'minor' });
  }, PAUSE_MS);
  timer.unref();
  return () => {
    timer.refresh();
  };
};
