import { quantile } from './quantiles.ts';

test('the 99 % quantile of a hundred values is the last but one, whatever their order', () => {
  const values = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect([0.5, 0.99, 1].map((p) => quantile(values, p))).toEqual([50, 99, 100]);
});

test('nothing has no quantile', () => {
  expect(quantile([], 0.5)).toBeNaN();
});
