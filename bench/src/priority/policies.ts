import { seconds, type PolicyRule } from '@songxanh/core';

/** What is compared, with the weights that requests have by themselves; without rules nobody asks. Conditional: a minute late, or a gap a quarter longer than scheduled. */
export const policyKinds = {
  none: undefined,
  unconditional: [],
  conditional: [{ policy: { kind: 'conditional', conditions: { latenessAtLeast: seconds(60), headwayRatioAtLeast: 1.25 } } }],
} as const satisfies Readonly<Record<string, readonly PolicyRule[] | undefined>>;

export type PriorityKind = keyof typeof policyKinds;
