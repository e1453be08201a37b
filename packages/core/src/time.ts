/**
 * Street time. Inside the code a time is a `Duration` or an `Instant`: branded whole milliseconds.
 * A bare `number` for a time is a compile error.
 */

/** A span of time in whole milliseconds. */
export type Duration = number & { readonly __brand: 'Duration' };

/** A moment of street time: whole milliseconds since 1970-01-01T00:00Z, stamped by the street (a simulator or the wall clock). */
export type Instant = number & { readonly __brand: 'Instant' };

export const milliseconds = (n: number): Duration => Math.round(n) as Duration;
export const seconds = (n: number): Duration => Math.round(n * 1000) as Duration;
export const minutes = (n: number): Duration => Math.round(n * 60_000) as Duration;
export const instant = (epochMs: number): Instant => Math.round(epochMs) as Instant;

export const NEVER = Number.MAX_SAFE_INTEGER as Instant;
export const ZERO = 0 as Duration;

export const after = (t: Instant, d: Duration): Instant => (t + d) as Instant;
export const before = (t: Instant, d: Duration): Instant => (t - d) as Instant;
/** `to − from`; negative when `to` is earlier. */
export const between = (from: Instant, to: Instant): Duration => (to - from) as Duration;
export const sum = (a: Duration, b: Duration): Duration => (a + b) as Duration;
export const toSeconds = (d: Duration): number => d / 1000;

export const earliest = (a: Instant, b: Instant): Instant => (a < b ? a : b);
export const latest = (a: Instant, b: Instant): Instant => (a > b ? a : b);
export const longest = (a: Duration, b: Duration): Duration => (a > b ? a : b);
