import {
  PRIORITY_CLASSES,
  REQUEST_STATUSES,
  type Commitment,
  type ControllerMode,
  type DetectorQuality,
  type Lamp,
  type Source,
} from '@songxanh/core';

/** Position in the list = number in the contract; 0 is UNSPECIFIED and never valid. */
const table = <T extends string>(
  names: readonly T[],
): { readonly codeOf: (name: T) => number; readonly nameOf: (code: number) => T | undefined } => {
  const codes = new Map(names.map((name, i) => [name, i + 1]));
  return { codeOf: (name) => codes.get(name) ?? 0, nameOf: (code) => names[code - 1] };
};

export const lamps = table<Lamp>(['red', 'green', 'permissive', 'clearance', 'flash-yellow', 'flash-red', 'dark']);
export const sources = table<Source>([
  'safety',
  'rail-preemption',
  'manual',
  'emergency-preemption',
  'operator',
  'optimizer',
  'time-of-day',
  'actuated',
  'flash',
]);
export const modes = table<ControllerMode>(['start-up', 'running', 'night-flash', 'flash-exit', 'fault-flash']);
export const changes = table<Commitment['change']>(['to-green', 'end-of-green']);
export const qualities = table<DetectorQuality>(['good', 'suspect', 'failed']);
export const priorityClasses = table(PRIORITY_CLASSES);
export const requestStatuses = table(REQUEST_STATUSES);
