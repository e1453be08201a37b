import type { TrafficPreview } from '@songxanh/wire/room';
import { touched } from './touched-approaches.ts';

type Approach = TrafficPreview['approaches'][number];

const approach = (lane: string, given: readonly [number, number], without: readonly [number, number], roomPcu = 40): Approach => ({
  lanes: [lane as Approach['lanes'][number]],
  roomPcu,
  with: { queuePcu: [0, given[0]], meanWaitS: given[1] },
  without: { queuePcu: [0, without[0]], meanWaitS: without[1] },
});

test('approaches that an order leaves as they are go unmentioned, the worst comes first', () => {
  const shown = touched([
    approach('same_0', [3, 12], [3, 11]),
    approach('better_0', [1, 4], [6, 20]),
    approach('worse_0', [9, 60], [3, 12]),
    approach('worst_0', [24, 90], [3, 12]),
  ]);
  expect(shown.map(({ lanes }) => lanes[0])).toEqual(['worst_0', 'worse_0', 'better_0']);
});

test('one lonely car that waits longer is no queue', () => {
  expect(touched([approach('lonely_0', [0.6, 80], [0.2, 10])])).toEqual([]);
});

test('a queue that outgrows its road is told', () => {
  const [full, fits] = touched([approach('short_0', [24, 90], [3, 12], 20), approach('long_0', [23, 90], [3, 12], 60)]);
  expect([full?.isFull, fits?.isFull]).toEqual([true, false]);
});
