import { seconds } from '../time.ts';
import { compareBalance, countBalance, gainOf, START_BALANCE, unseenPcuPerS } from './lane-balance.ts';

/** A quarter hour of cycles in which so much came and left. */
const afterCycles = (arrivedPcu: number, departedPcu: number, restPcu = 0) => {
  let balance = START_BALANCE;
  for (let cycle = 0; cycle < 15; cycle++) balance = compareBalance(countBalance(balance, seconds(60), arrivedPcu, departedPcu), restPcu);
  return balance;
};

describe('the balance of a lane', () => {
  it('believes both loops before anything has passed', () => {
    expect(gainOf(START_BALANCE)).toBe(1);
    expect(unseenPcuPerS(START_BALANCE)).toBe(0);
  });

  it('learns that half of what the upstream loop sees changes to another lane', () => {
    expect(gainOf(afterCycles(10, 5))).toBeCloseTo(0.52, 2);
  });

  it('takes what leaves far beyond what came as traffic that no loop saw', () => {
    const balance = afterCycles(0, 6);
    expect(gainOf(balance)).toBe(1.5);
    expect(unseenPcuPerS(balance)).toBeGreaterThan(0.08);
    expect(unseenPcuPerS(balance)).toBeLessThan(0.1);
  });

  it('does not take a queue left at the end of green for vehicles that turned off', () => {
    const first = compareBalance(countBalance(START_BALANCE, seconds(60), 10, 4), 6);
    expect(gainOf(first)).toBeCloseTo(1, 5);
    const cleared = compareBalance(countBalance(first, seconds(60), 4, 10), 0);
    expect(gainOf(cleared)).toBeCloseTo(1, 5);
  });
});
