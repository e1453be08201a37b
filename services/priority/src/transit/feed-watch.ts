import { accept, refuse, seconds, type Instant, type Result } from '@songxanh/core';
import { readFeed, type FeedNews } from './gtfs-realtime.ts';

/** A feed that is older has stopped. */
const STOPPED = seconds(120);
const CLOCK_AHEAD = seconds(5);

/** Keeps one feed honest: a message must be newer than the one before and neither old nor of tomorrow. */
export interface FeedWatch {
  readonly take: (bytes: Uint8Array, now: Instant) => Result<FeedNews>;
}

export const openFeedWatch = (): FeedWatch => {
  let last: Instant | undefined;
  return {
    take: (bytes, now) => {
      const feed = readFeed(bytes);
      if (!feed.ok) return feed;
      const { madeAt } = feed.value;
      if (madeAt === undefined) return accept(feed.value);
      if (madeAt - now > CLOCK_AHEAD)
        return refuse('time-in-future', `feed: made ${String((madeAt - now) / 1000)} s ahead of the street's time`);
      if (now - madeAt > STOPPED)
        return refuse('feed-stopped', `feed: made ${String((now - madeAt) / 1000)} s ago: expected at most ${String(STOPPED / 1000)} s`);
      if (last !== undefined && madeAt <= last) return refuse('feed-repeats', 'feed: not newer than the message before');
      last = madeAt;
      return accept(feed.value);
    },
  };
};
