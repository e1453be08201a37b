import type { Phrase } from '@songxanh/core';
import type { CommandAction } from '@songxanh/wire';

/** An order as the log says it. */
export const orderOf = (action: CommandAction): Phrase => ({
  say: 'order',
  order: action.kind,
  ...(action.kind === 'stage' ? { name: action.stage } : action.kind === 'plan' ? { name: action.name } : {}),
});
