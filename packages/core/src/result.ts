/** A refusal is an expected outcome and therefore a value; core never throws one. */
export interface Refusal {
  readonly ok: false;
  /** Stable kebab-case code, e.g. `short-green`. */
  readonly reason: string;
  /** One sentence with the numbers: what, where, expected. */
  readonly message: string;
}
export interface Accepted<T> {
  readonly ok: true;
  readonly value: T;
}
export type Result<T, R extends Refusal = Refusal> = Accepted<T> | R;

export const accept = <T>(value: T): Accepted<T> => ({ ok: true, value });
export const refuse = (reason: string, message: string): Refusal => ({ ok: false, reason, message });
