import type { Works } from '@songxanh/wire/room';
import type { FeatureCollection } from 'geojson';
import { closureFeatures, emergencyFeatures, transitFeatures } from './service-features.ts';

const lane = (id: string, edge: string, internal = false): FeatureCollection['features'][number] => ({
  type: 'Feature',
  geometry: {
    type: 'LineString',
    coordinates: [
      [0, 0],
      [0, 1],
    ],
  },
  properties: { kind: 'lane', id, edge, widthM: 3, internal },
});
const network: FeatureCollection = { type: 'FeatureCollection', features: [lane('a_0', 'a'), lane('a_1', 'a'), lane('b_0', 'b')] };
const works = (from: number, to: number, ...closes: string[]): Works => ({
  ...{ id: 'w', junction: 'J', from, to, text: '', by: 'hoa', closes },
});
const states = (all: readonly Works[], now: number): unknown[] =>
  closureFeatures(network, all, now).features.map(({ properties }) => properties?.['state'] as string);

describe('closures on the map', () => {
  test('an edge closes all its lanes, a lane only itself', () => {
    expect(states([works(0, 100, 'a')], 50)).toEqual(['closed', 'closed']);
    expect(states([works(0, 100, 'a_1')], 50)).toEqual(['closed']);
  });

  test('planned before its time, gone after it; what is closed now outweighs what will be', () => {
    expect(states([works(60, 100, 'b')], 50)).toEqual(['planned']);
    expect(states([works(0, 50, 'b')], 50)).toEqual([]);
    expect(states([works(0, 100, 'b'), works(60, 200, 'b')], 50)).toEqual(['closed']);
  });

  test('works that close nothing draw nothing', () => {
    expect(states([works(0, 100)], 50)).toEqual([]);
  });
});

test('a bus says its line and the whole minutes it is late, nothing where that is not known', () => {
  const bus = { vehicle: 'v', line: '32', lon: 1, lat: 2, headwayRatio: null, persons: 40, seenAt: 0 };
  const icons = [179, -61, null].map((latenessS) => transitFeatures([{ ...bus, latenessS }]).features[0]?.properties?.['icon'] as string);
  expect(icons).toEqual(['bus|32|2', 'bus|32|-1', 'bus|32|']);
});

test('an emergency vehicle stands on its way', () => {
  const { features } = emergencyFeatures([
    {
      ...{ vehicle: 'v', vehicleClass: 'ambulance', lon: 1, lat: 2, junctions: [] },
      way: [
        [1, 2],
        [3, 4],
      ],
    },
  ]);
  expect(features.map(({ geometry }) => geometry.type)).toEqual(['LineString', 'Point']);
});
