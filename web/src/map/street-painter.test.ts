import type { FeatureCollection } from 'geojson';
import { roadsByLane } from './street-painter.ts';

const lane = (id: string, edge: string, more: object = {}) => ({
  type: 'Feature' as const,
  geometry: { type: 'LineString' as const, coordinates: [] },
  properties: { kind: 'lane', id, edge, widthM: 3, internal: false, walk: false, ...more },
});

test('a road is drawn by its middle lane, as wide as all of its lanes; footways and ways within junctions are none', () => {
  const network: FeatureCollection = {
    type: 'FeatureCollection',
    features: [
      lane('a_0', 'a', { walk: true }),
      lane('b_0', 'b'),
      lane('a_1', 'a'),
      lane('a_2', 'a'),
      lane('a_3', 'a', { widthM: 2 }),
      lane('c', 'c', { internal: true }),
    ],
  };
  const roads = roadsByLane(network);
  expect(roads.get('a_1')).toEqual({ id: 3, lanes: ['a_1', 'a_2', 'a_3'] });
  expect([...roads.keys()]).toEqual(['b_0', 'a_1', 'a_2', 'a_3']);
  expect(network.features.map(({ properties }) => properties?.['roadM'] as unknown)).toEqual([
    undefined,
    3,
    undefined,
    8,
    undefined,
    undefined,
  ]);
});
