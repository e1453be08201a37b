import type { JunctionSummary } from '@songxanh/wire/live';
import { junctionsIn, widen } from './in-view.ts';

const at = (id: string, lon: number, lat: number): JunctionSummary => ({
  ...{ id, name: id, groups: [], stages: [], detectors: [], plans: [] },
  position: { lon, lat },
});

test('what has just left the screen is still painted, what is far away is not', () => {
  const bounds = widen([105, 21, 106, 22]);
  const shown = junctionsIn(bounds, [at('inside', 105.5, 21.5), at('edge', 106.05, 21.5), at('away', 106.2, 21.5)]);
  expect(shown.map(({ id }) => id)).toEqual(['inside', 'edge']);
});
