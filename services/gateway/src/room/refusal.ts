import type { Deed, Person, Phrase, Refusal } from '@songxanh/core';
import { mayDo } from '@songxanh/core';
import type { ErrorCode } from '@songxanh/platform';
import { EdgeError } from '@songxanh/platform';

/** Refusals that are not a plain 422. */
const STATUS: Readonly<Record<string, ErrorCode>> = {
  'wrong-role': 'forbidden',
  'outside-area': 'forbidden',
  'not-above': 'forbidden',
  locked: 'conflict',
  'no-lock': 'conflict',
  'lock-expired': 'conflict',
  'already-acknowledged': 'conflict',
  'already-settled': 'conflict',
  'run-ended': 'conflict',
  'unknown-step': 'not-found',
  'bad-duration': 'bad-input',
  'no-note': 'bad-input',
};

/** A refusal of core as an answer over HTTP; its reason stays with it. */
export class RefusedError extends EdgeError {
  readonly reason: string;

  constructor({ reason, message }: Refusal) {
    super(STATUS[reason] ?? 'refused', message);
    this.reason = reason;
  }
}

export const throwRefusal = (refusal: Refusal): never => {
  throw new RefusedError(refusal);
};

/** Throws unless the person may do this, at this junction where it concerns one. */
export const mustBeAllowed = (person: Person, deed: Deed, junction?: string): void => {
  const permitted = mayDo(person, deed, junction);
  if (!permitted.ok) throwRefusal(permitted);
};

/** What the log says of an error: by the refusal's code, or else the error's. */
export const refusedPhrase = (error: EdgeError): Phrase => ({
  say: 'refused',
  why: error instanceof RefusedError ? error.reason : error.code,
  text: error.message,
});
