import { instant, junctionId, laneId, milliseconds, REQUEST_STATUSES, requestId } from '@songxanh/core';
import {
  encodePriorityRequest,
  encodePriorityStatus,
  encodeVehiclePosition,
  parsePriorityRequest,
  parsePriorityStatus,
  parseVehiclePosition,
  type AskedPriority,
} from './priority.ts';

const asked: AskedPriority = {
  id: requestId('r1'),
  junction: junctionId('J1'),
  vehicle: 'bus-1',
  vehicleClass: 'ambulance',
  laneIn: laneId('W0_J1_2'),
  laneOut: laneId('J1_J2_1'),
  arrival: { earliest: instant(5000), latest: instant(9000) },
  persons: 3,
  line: '32',
  stop: undefined,
  lateness: milliseconds(-20_000),
};
const position = { vehicle: 'bus-1', line: '32', trip: undefined, lon: 105.78, lat: 21.01, at: instant(5000), persons: 40 };

test('requests, positions and every status come back as they were sent', () => {
  expect(parsePriorityRequest(encodePriorityRequest(asked))).toEqual({ ok: true, value: asked });
  expect(parseVehiclePosition(encodeVehiclePosition(position))).toEqual({ ok: true, value: position });
  REQUEST_STATUSES.forEach((status, i) => {
    const sent = { id: 'r1', junction: 'J1', status, reason: 'x', at: instant(7) };
    // The numbers are those of SAE J2735.
    expect(encodePriorityStatus(sent).status).toBe(i + 1);
    expect(parsePriorityStatus(encodePriorityStatus(sent))).toEqual({ ok: true, value: sent });
  });
});

test.each([
  ['id', { id: '' }],
  ['id', { id: 'x'.repeat(101) }],
  ['junction', { junction: '' }],
  ['lane_in', { laneIn: '' }],
  ['vehicle_class', { vehicleClass: 9 }],
  ['earliest_ms', { earliestMs: 0.5 }],
  ['latest_ms', { latestMs: 4000 }],
  ['persons', { persons: 501 }],
  ['lateness_ms', { latenessMs: NaN }],
])('a request with a bad %s is refused by name', (field, change) => {
  expect(parsePriorityRequest({ ...encodePriorityRequest(asked), ...change })).toMatchObject({
    ok: false,
    reason: 'malformed',
    message: expect.stringContaining(field) as string,
  });
});

test.each([
  ['vehicle', { vehicle: '' }],
  ['lon_deg', { lonDeg: 181 }],
  ['lat_deg', { latDeg: NaN }],
  ['at_ms', { atMs: -1 }],
  ['persons', { persons: -1 }],
])('a position with a bad %s is refused by name', (field, change) => {
  expect(parseVehiclePosition({ ...encodeVehiclePosition(position), ...change })).toMatchObject({
    ok: false,
    message: expect.stringContaining(field) as string,
  });
});
