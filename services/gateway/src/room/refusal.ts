import type { Refusal } from '@songxanh/core';
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

/** A refusal of core as an answer over HTTP. */
export const throwRefusal = ({ reason, message }: Refusal): never => {
  throw new EdgeError(STATUS[reason] ?? 'refused', message);
};
