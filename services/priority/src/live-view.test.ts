import { instant, junctionId, laneId, milliseconds, requestId, signalGroupId } from '@songxanh/core';
import { liveView, type Followed } from './live-view.ts';
import { makePolyline } from './street/polyline.ts';

const line = makePolyline([
  [0, 0],
  [100, 0],
  [200, 0],
]);
const nobody: Followed = {
  ...{ now: instant(10_000), vehicles: [], held: [], waves: [], toldTo: () => undefined },
  geo: { toPlane: (lon, lat) => [lon, lat], toLonLat: ([lon, lat]) => ({ lon, lat }) },
};

describe('what the control room is told', () => {
  test('a followed bus where it is, with its lateness in seconds', () => {
    const pattern = { line: '32', route: { line } };
    const bus = {
      ...{ vehicle: 'bus-1', pattern, distanceM: 150, observedAt: instant(9000), persons: 25 },
      standing: { lateness: milliseconds(65_400) },
    };
    expect(liveView({ ...nobody, vehicles: [bus] as unknown as Followed['vehicles'] }).transit).toEqual([
      { vehicle: 'bus-1', line: '32', lon: 150, lat: 0, latenessS: 65, headwayRatio: null, persons: 25, seenAt: 9000 },
    ]);
  });

  test('a request as it stands', () => {
    const request = {
      ...{ id: requestId('r'), junction: junctionId('J1'), requester: 'x', vehicle: 'bus-1', vehicleClass: 'transit', persons: 25 },
      ...{ group: signalGroupId('WT'), lane: laneId('W_1'), line: '32', standing: {} },
      arrival: { earliest: instant(20_000), latest: instant(24_000) },
    };
    const held = [{ request, status: 'granted', reason: 'in-plan' }] as unknown as Followed['held'];
    expect(liveView({ ...nobody, held }).asks).toEqual([
      {
        ...{ junction: 'J1', vehicle: 'bus-1', line: '32', group: 'WT', earliest: 20_000, latest: 24_000 },
        ...{ status: 'granted', reason: 'in-plan', latenessS: null },
      },
    ]);
  });

  test('an emergency vehicle with the junctions ahead of it only, and what it was told of each', () => {
    const at = (junction: string, distanceM: number) => ({ junction: junctionId(junction), distanceM });
    const wave = {
      ...{ vehicle: '115-07', vehicleClass: 'ambulance', distanceM: 120 },
      found: { route: { line, stopLines: [at('J1', 90), at('J2', 180), at('J3', 195)] }, toM: 190, fromM: 0 },
    };
    const toldTo: Followed['toldTo'] = (_, junction) => (junction === 'J2' ? { status: 'granted' } : undefined);
    expect(liveView({ ...nobody, toldTo, waves: [wave] as unknown as Followed['waves'] }).emergencies).toEqual([
      {
        ...{ vehicle: '115-07', vehicleClass: 'ambulance', lon: 120, lat: 0 },
        way: [
          [120, 0],
          [200, 0],
        ],
        junctions: [{ junction: 'J2', status: 'granted' }],
      },
    ]);
  });
});
