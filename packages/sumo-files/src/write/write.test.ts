import { parseAdditional } from '../additional/read-additional.ts';
import { placeDetectors } from '../detectors/place-detectors.ts';
import { cross, messageOf, valueOf } from '../testing/fixtures.ts';
import { writeAdditional } from './write-additional.ts';
import { writeTlsStates } from './write-tls-states.ts';
import { writeSummary } from './write-summary.ts';
import { writeTripInfo } from './write-trip-info.ts';

const network = cross();

test('reads back the detectors it wrote', () => {
  const detectors = [
    ...placeDetectors(network, ['C']),
    { kind: 'lane-area' as const, id: 'area <1>', lane: 'EC_1', startPosM: 10, endPosM: 60 },
  ];
  const read = valueOf(parseAdditional(writeAdditional(detectors), 'x', network)).detectors;
  expect(read.map(({ id }) => id)).toEqual(detectors.map(({ id }) => id));
  expect(read.at(-1)).toEqual(detectors.at(-1));
});

test.each([
  [
    'a loop on no lane',
    '<inductionLoop id="l" lane="moon" pos="3"/>',
    'x:1: <inductionLoop id="l" lane="moon">: expected a lane of the network',
  ],
  [
    'a loop behind its lane',
    '<inductionLoop id="l" lane="EC_1" pos="300"/>',
    'x:1: <inductionLoop id="l" pos="300">: expected pos on its lane, 0…142.80 m',
  ],
  [
    'two of one name',
    '<busStop id="b" lane="EC_1"/><busStop id="b" lane="EC_1"/>',
    'x:1: <busStop id="b">: expected an id of its own: this one exists already',
  ],
])('refuses %s with one message', (_what, inside, message) => {
  expect(messageOf(parseAdditional(`<additional>${inside}</additional>`, 'x', network))).toBe(message);
});

test('counts a negative position from the end of the lane', () => {
  const [loop] = valueOf(parseAdditional('<additional><e1Detector id="l" lane="EC_1" pos="-2"/></additional>', 'x', network)).detectors;
  expect(loop).toMatchObject({ posM: expect.closeTo(140.8) as number });
});

test('writes what a journey has emitted as SUMO does, where it is known', () => {
  const row = {
    ...{ id: 'a', departS: 1, departLane: 'EC_1', departPosM: 5.1, departSpeedMps: 0, departDelayS: 0, durationS: 30, routeLengthM: 200 },
    ...{ waitingTimeS: 3, waitingCount: 1, stopTimeS: 0, timeLossS: 8.5, vType: 'car', speedFactor: 1 },
  };
  expect(writeTripInfo([{ ...row, emissionsMg: { co2: 51000, nox: 30.5, pm: 1, fuel: 16000 } }])).toMatch(
    /<tripinfo id="a"[^>]* devices="emissions_a"[^>]*[^/]><emissions CO2_abs="51000.00" PMx_abs="1.00" NOx_abs="30.50" fuel_abs="16000.00"\/><\/tripinfo>/,
  );
  expect(writeTripInfo([row])).not.toContain('emissions');
});

test('writes finished and unfinished journeys as SUMO does', () => {
  const row = {
    id: 'a&b',
    departS: 1,
    departLane: 'EC_1',
    departPosM: 5.1,
    departSpeedMps: 0,
    departDelayS: 0,
    durationS: 30,
    routeLengthM: 200,
    waitingTimeS: 3,
    waitingCount: 1,
    stopTimeS: 0,
    timeLossS: 8.5,
    vType: 'car',
    speedFactor: 1,
  };
  const text = writeTripInfo([{ ...row, arrivalS: 31, arrivalLane: 'CW_1', arrivalPosM: 90, arrivalSpeedMps: 13 }, row]);
  expect(text).toContain('<tripinfo id="a&amp;b" depart="1.00" departLane="EC_1"');
  expect(text).toContain('arrival="31.00" arrivalLane="CW_1"');
  expect(text).toContain('arrival="-1.00" arrivalLane=""');
  expect(text).toContain('waitingCount="1"');
});

test("writes a step's summary under SUMO's names", () => {
  const text = writeSummary([
    {
      ...{ timeS: 5, loaded: 9, inserted: 7, running: 4, waiting: 2, arrived: 3, halting: 1, stopped: 0 },
      ...{ meanDepartDelayS: 0.5, meanTravelTimeS: 60, meanSpeedMps: 8, meanSpeedRelative: 0.6 },
    },
  ]);
  expect(text).toContain('<step time="5.00" loaded="9" inserted="7" running="4" waiting="2" ended="3" arrived="3"');
  expect(text).toContain('halting="1" stopped="0" meanWaitingTime="0.50" meanTravelTime="60.00" meanSpeed="8.00" meanSpeedRelative="0.60"');
});

test('writes signal states', () => {
  expect(writeTlsStates([{ timeS: 2, id: 'C', programId: '0', interval: 1, state: 'Gr' }])).toContain(
    '<tlsState time="2.00" id="C" programID="0" phase="1" state="Gr"/>',
  );
});
