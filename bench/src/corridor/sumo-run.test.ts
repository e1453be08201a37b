import type { TrafficDemand } from '@songxanh/core';
import { PEDESTRIAN } from './journeys.ts';
import { readTripinfo } from './sumo-run.ts';

const types = new Map([['motorcycle', { persons: 1.2 }]]) as unknown as TrafficDemand['types'];
const END_S = 1000;
const trip = (attributes: string): string =>
  `<tripinfos><tripinfo id="a" departLane="W0_J1_2" ${attributes} vType="motorcycle"/></tripinfos>`;

test.each([
  ['arrived', 'depart="103.00" departDelay="3.00" arrival="200.00" timeLoss="7.50"', 100, 10.5],
  ['on-the-way', 'depart="900.00" departDelay="0.00" arrival="-1.00" timeLoss="40.00"', 900, 40],
  ['never-inserted', 'depart="-1.00" departDelay="250.00" arrival="-1.00" timeLoss="-1.00"', 750, 250],
])('a vehicle that %s is delayed from when it wanted to depart', (end, attributes, dueS, delayS) => {
  expect(readTripinfo(trip(attributes), types, END_S)).toEqual([{ kind: 'motorcycle', entry: 'W0_J1', dueS, delayS, persons: 1.2, end }]);
});

test('people on foot count with their time loss, those who have not set out do not', () => {
  const walks =
    '<personinfo id="p"><walk depart="10.00" arrival="90.00" duration="80.00" timeLoss="12.00" maxSpeed="1.3"/></personinfo>' +
    '<personinfo id="q"><walk depart="-1" arrival="-1" duration="-1" timeLoss="0.00" maxSpeed="1.3"/></personinfo>';
  expect(readTripinfo(walks, types, END_S)).toEqual([{ kind: PEDESTRIAN, entry: '', dueS: 10, delayS: 12, persons: 1, end: 'arrived' }]);
});

test('a type that the scenario does not have is no motorcycle with a guess of people', () => {
  expect(() => readTripinfo('<tripinfo id="a" depart="1.00" vType="tram"/>', types, END_S)).toThrow('"tram"');
});
