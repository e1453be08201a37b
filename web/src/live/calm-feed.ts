import type { Live, StreetFeed } from './live-feed.ts';

/** Numbers change at most this often: more cannot be read, and the map needs the time. */
const CALM_MS = 500;

/** The same feed for text: its listeners hear at most some times per second, the map's hear everything. */
export const calm = (feed: StreetFeed): StreetFeed => {
  let shown: Live = feed.read();
  return {
    read: () => shown,
    subscribe: (listener) => {
      let timer = 0;
      const tell = (): void => {
        timer = 0;
        shown = feed.read();
        listener();
      };
      const unsubscribe = feed.subscribe(() => {
        if (timer === 0) timer = window.setTimeout(tell, CALM_MS);
      });
      return () => {
        window.clearTimeout(timer);
        unsubscribe();
      };
    },
  };
};
