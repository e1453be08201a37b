import { accept, refuse, type Refusal, type Result } from '@songxanh/core';

/** Parses each element; the first refusal is the answer. */
export const parseAll = <M, T>(messages: readonly M[], parse: (message: M) => Result<T>): Result<readonly T[]> => {
  const values: T[] = [];
  for (const message of messages) {
    const parsed = parse(message);
    if (!parsed.ok) return parsed;
    values.push(parsed.value);
  }
  return accept(values);
};

export const malformed = (where: string, found: unknown, expected: string): Refusal =>
  refuse('malformed', `${where} is ${JSON.stringify(found)}: expected ${expected}`);

/** A whole number that a double holds exactly. Longs of the contracts beyond that cannot be meant. */
export const isWhole = (n: unknown): n is number => Number.isSafeInteger(n);
