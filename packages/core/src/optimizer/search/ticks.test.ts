import { buildTicks, tickFrom } from './ticks.ts';

describe('the moments at which the search looks again', () => {
  const ticks = buildTicks(100_000, 12_000);

  it('come every second at first and never more than 5 s apart', () => {
    const gaps = [...ticks.at].slice(1).map((at, i) => at - ticks.at[i]!);
    expect(gaps.slice(0, 12)).toEqual(Array.from({ length: 12 }, () => 1000));
    expect(Math.max(...gaps)).toBe(5000);
    expect(gaps).toEqual([...gaps].sort((a, b) => a - b));
  });

  it('are found at or behind any time within the horizon', () => {
    for (let ms = 0; ms <= ticks.at[ticks.last]!; ms += 250) {
      const i = tickFrom(ticks, ms);
      expect(ticks.at[i]).toBeGreaterThanOrEqual(ms);
      if (i > 0) expect(ticks.at[i - 1]).toBeLessThan(Math.ceil(ms / 1000) * 1000);
    }
    expect(tickFrom(ticks, ticks.at[ticks.last]! + 1)).toBe(ticks.last + 1);
  });
});
