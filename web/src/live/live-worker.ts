/**
 * Listens to `/live` beside the page: reading a large city's messages would cost the page its frames. Vehicles go over as an array of
 * numbers that is handed on, not copied.
 */
import type { LiveMessage } from '@songxanh/wire/live';
import { slicesOf } from './slices.ts';

/** To the page. */
export type FromWorker =
  { readonly kind: 'open' | 'lost' } | { readonly kind: 'message'; readonly message: LiveMessage; readonly vehicles?: Int32Array };

const RETRY_MS = 1000;
const page = self as unknown as { readonly postMessage: (message: FromWorker, transfer: readonly Transferable[]) => void };

let seq: number | undefined;

/** Parts on their way to the page, and the time between two of them. */
const waiting: LiveMessage[] = [];
const BETWEEN_MS = 40;
const MOST_WAITING = 20;
let timer = 0;

const sendNext = (): void => {
  const next = waiting.shift();
  if (next === undefined) return;
  const { vehicles, ...rest } = next;
  const message = rest as LiveMessage;
  if (vehicles === undefined) {
    page.postMessage({ kind: 'message', message }, []);
    return;
  }
  const numbers = Int32Array.from(vehicles);
  page.postMessage({ kind: 'message', message, vehicles: numbers }, [numbers.buffer]);
};
const drain = (): void => {
  sendNext();
  timer = waiting.length > 0 ? self.setTimeout(drain, BETWEEN_MS) : 0;
};

const connect = (url: string): void => {
  const socket = new WebSocket(seq === undefined ? url : `${url}?since=${seq}`);
  socket.onopen = () => page.postMessage({ kind: 'open' }, []);
  socket.onmessage = (event) => {
    const message = JSON.parse(String(event.data)) as LiveMessage;
    ({ seq } = message);
    waiting.push(...slicesOf(message));
    // A page that falls behind gets the rest at once: better late frames than old lamps.
    while (waiting.length > MOST_WAITING) sendNext();
    if (timer === 0) drain();
  };
  socket.onclose = () => {
    page.postMessage({ kind: 'lost' }, []);
    setTimeout(() => connect(url), RETRY_MS);
  };
};

self.onmessage = ({ data }: MessageEvent<string>) => connect(data);
