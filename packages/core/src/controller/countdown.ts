import type { CountdownDisplay } from './controller.ts';
import type { Commitment } from './lamp.ts';
import { countdownNumber } from '../plan/commitment.ts';
import type { Site } from '../intersection/site.ts';
import { between, type Instant } from '../time.ts';

/** What the displays show: the whole seconds to each promised change, blank where nothing is promised. Groups without a display are left out. */
export const countdowns = (site: Site, commitments: readonly Commitment[], now: Instant): readonly CountdownDisplay[] => {
  const promised = new Map(commitments.map(({ group, at }) => [group, at]));
  return site.groups
    .filter(({ countdown }) => countdown.green !== 'none' || countdown.red !== 'none')
    .map(({ id: group }) => {
      const at = promised.get(group);
      return { group, number: at === undefined ? undefined : countdownNumber(between(now, at)) };
    });
};
