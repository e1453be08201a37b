import { cross } from '../testing/fixtures.ts';
import { deriveSite } from '../site/derive-site.ts';
import { placeDetectors } from './place-detectors.ts';

const network = cross();
const loops = placeDetectors(network, ['C']);
const place = (id: string): { lane: string; posM: number } | undefined => loops.find((loop) => loop.id === id);

test('places a loop at each stop line and 100 m before it', () => {
  expect(place('EC_1_stop')).toMatchObject({ lane: 'EC_1', posM: expect.closeTo(138.8) as number });
  expect(place('EC_1_up')).toMatchObject({ lane: 'EC_1', posM: expect.closeTo(42.8) as number });
});

test('goes on over the edge before where the lane is shorter, at its true distance', () => {
  const up = place('BC_1_up');
  expect(up?.lane).toMatch(/^WB_/);
  const site = deriveSite(network, 'C', { detectors: loops, busStops: [] });
  expect(site.detectors.find(({ id }) => id === 'BC_1_up')).toMatchObject({
    lane: 'BC_1',
    role: 'upstream',
    distanceM: expect.closeTo(100, 1) as number,
  });
});

test('gives a turn bay that shares its upstream lane a loop at its own begin', () => {
  expect(place('BC_2_up')).toMatchObject({ lane: 'BC_2', posM: 1 });
});

test('places nothing for signals that were not asked for', () => {
  expect(placeDetectors(network, [])).toEqual([]);
});
