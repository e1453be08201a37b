import type { Alarm } from '@songxanh/wire/room';
import { callsForSomebody, sortAlarms } from './alarm-order.ts';

const alarm = (id: string, more: Partial<Alarm>): Alarm => ({
  ...{ id, key: id, kind: 'process-down', severity: 'warning', detail: '', raisedAt: 0, times: 1, comments: [] },
  ...more,
});

test('what calls for somebody comes first: new before known, severe before light, silenced last', () => {
  const sorted = sortAlarms(
    [
      alarm('silenced', { severity: 'critical', suspendedUntil: 200 }),
      alarm('known', { severity: 'critical', acknowledged: { by: 'lan', at: 1 } }),
      alarm('light', { severity: 'info' }),
      alarm('old', { severity: 'critical', raisedAt: 1 }),
      alarm('new', { severity: 'critical', raisedAt: 2 }),
    ],
    100,
  );
  expect(sorted.map(({ id }) => id)).toEqual(['new', 'old', 'light', 'known', 'silenced']);
});

test('a silenced alarm calls again when its silence is over', () => {
  const silenced = alarm('a', { suspendedUntil: 200 });
  expect(callsForSomebody(silenced, 100)).toBe(false);
  expect(callsForSomebody(silenced, 200)).toBe(true);
});
