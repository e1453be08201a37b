import fc from 'fast-check';
import { followsFreely, safeFollowSpeed } from './car-following.ts';

const within = (min: number, max: number) => fc.double({ min, max, noNaN: true });

it('calls a gap surely enough only where the safe speed behind the leader is no obstacle', () => {
  fc.assert(
    fc.property(
      fc.record({
        ...{ gap: within(-1, 120), top: within(0, 40), decel: within(1, 9), tau: within(0, 3) },
        ...{ leaderSpeed: within(0, 40), leaderDecel: within(1, 9), step: fc.constantFrom(0.1, 0.5, 1) },
      }),
      ({ gap, top, decel, tau, leaderSpeed, leaderDecel, step }) => {
        fc.pre(followsFreely(gap, top, decel, tau, leaderSpeed, leaderDecel, step));
        expect(safeFollowSpeed(gap, decel, tau, leaderSpeed, leaderDecel, step)).toBeGreaterThanOrEqual(top);
      },
    ),
    { numRuns: 2000, seed: 1 },
  );
});

it('does not call the gap to a leader far ahead scarce', () => {
  expect(followsFreely(45, 13.9, 4.5, 1, 0, 4.5, 1)).toBe(true);
  expect(followsFreely(20, 13.9, 4.5, 1, 13.9, 4.5, 1)).toBe(true);
});
