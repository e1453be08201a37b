/** Per client: so many at once, and so many per second of wall time. */
export interface RateLimit {
  readonly burst: number;
  readonly perS: number;
}

/** A flood is refused from here on; a fleet of 1,000 vehicles at 1 Hz is not one. */
export const REQUEST_RATE: RateLimit = { burst: 100, perS: 50 };
export const POSITION_RATE: RateLimit = { burst: 2000, perS: 1000 };

/** Token buckets by client; `nowMs` is wall time. Returns whether one more is let in. */
export const openRateLimiter = ({ burst, perS }: RateLimit, nowMs: () => number): ((client: string) => boolean) => {
  const buckets = new Map<string, { left: number; at: number }>();
  return (client) => {
    const now = nowMs();
    const bucket = buckets.get(client) ?? { left: burst, at: now };
    const left = Math.min(burst, bucket.left + ((now - bucket.at) / 1000) * perS);
    buckets.set(client, { left: left >= 1 ? left - 1 : left, at: now });
    return left >= 1;
  };
};
