/**
 * Listens to `/live` beside the page: reading a large city's messages would cost the page its frames. Vehicles go over as an array of
 * numbers that is handed on, not copied.
 */
import type { LiveMessage } from '@songxanh/wire/live';

/** To the page. */
export type FromWorker =
  { readonly kind: 'open' | 'lost' } | { readonly kind: 'message'; readonly message: LiveMessage; readonly vehicles?: Int32Array };

const RETRY_MS = 1000;
const page = self as unknown as { readonly postMessage: (message: FromWorker, transfer: readonly Transferable[]) => void };

let seq: number | undefined;

const connect = (url: string): void => {
  const socket = new WebSocket(seq === undefined ? url : `${url}?since=${seq}`);
  socket.onopen = () => page.postMessage({ kind: 'open' }, []);
  socket.onmessage = (event) => {
    const { vehicles, ...rest } = JSON.parse(String(event.data)) as LiveMessage;
    const message = rest as LiveMessage;
    ({ seq } = message);
    if (vehicles === undefined) {
      page.postMessage({ kind: 'message', message }, []);
      return;
    }
    const numbers = Int32Array.from(vehicles);
    page.postMessage({ kind: 'message', message, vehicles: numbers }, [numbers.buffer]);
  };
  socket.onclose = () => {
    page.postMessage({ kind: 'lost' }, []);
    setTimeout(() => connect(url), RETRY_MS);
  };
};

self.onmessage = ({ data }: MessageEvent<string>) => connect(data);
