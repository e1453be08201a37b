import type { Override, Site } from '@songxanh/core';
import { stageId } from '@songxanh/core';
import { EdgeError } from '@songxanh/platform';
import type { OverrideAction } from '@songxanh/wire';

/** The action in core's words; a stage or plan the junction does not have is refused here, with those it has. */
export const toAction = (site: Site, action: OverrideAction): Override['action'] => {
  const mustBeOneOf = (where: string, given: string, known: readonly string[]): void => {
    if (!known.includes(given))
      throw new EdgeError('bad-input', `body/action/${where} is ${JSON.stringify(given)}: expected one of ${known.join(', ')}`);
  };
  if (action.kind === 'stage') {
    mustBeOneOf(
      'stage',
      action.stage,
      site.stages.map(({ id }) => id),
    );
    return { kind: 'stage', stage: stageId(action.stage) };
  }
  if (action.kind === 'plan')
    mustBeOneOf(
      'name',
      action.name,
      site.plans.map(({ name }) => name),
    );
  return action;
};
