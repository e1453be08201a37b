import { laneId, junctionId } from '../ids.ts';
import { measuredFourArms } from '../testing/point-queue-world.ts';
import { after, instant, seconds } from '../time.ts';
import type { LampState } from '../controller/lamp.ts';
import type { SignalGroupId } from '../ids.ts';
import { readDemand, startDemand, updateDemand } from './demand-state.ts';
import type { JunctionDemand } from './demand.ts';
import { createOutflowBoard } from './outflow-board.ts';
import { predictOutflow } from './predict-outflow.ts';

const NOW = instant(1_767_600_000_000);
const base = measuredFourArms();
/** The same junction, every movement of its first lane leading to the next junction's lane `next_0` over 111.2 m, 8 s at 13.9 m/s: a platoon needs 10 s. */
const lane = { ...base.lanes[0]!, speedMps: 13.9 };
const site = {
  ...base,
  lanes: [lane, ...base.lanes.slice(1)],
  movements: base.movements.map((movement) =>
    movement.fromLane === lane.id ? { ...movement, exitLengthM: 111.2, downstreamLane: laneId('next_0') } : movement,
  ),
};
const own = site.movements.filter(({ fromLane }) => fromLane === lane.id);
const picture: JunctionDemand = {
  junction: site.id,
  at: NOW,
  lanes: [
    {
      lane: lane.id,
      arrivals: [0, 1, 2].map(() => ({ at: NOW, pcu: 1, persons: 1.5, stopped: true })),
      saturationPcuPerS: 0.5,
      turnShares: own.map(({ id }) => ({ movement: id, share: 1 / own.length })),
      confidence: 1,
    },
  ],
  pedestrians: [],
  exits: [],
};
const timeline = (lamp: 'green' | 'red') =>
  new Map<SignalGroupId, { lamp: 'green' | 'red'; from: typeof NOW; to: typeof NOW }[]>(
    own.map(({ group }) => [group, [{ lamp, from: after(NOW, seconds(5)), to: after(NOW, seconds(60)) }]]),
  );
const total = (inflows: ReturnType<typeof predictOutflow>): number =>
  inflows.flatMap(({ arrivals }) => arrivals).reduce((sum, { pcu }) => sum + pcu, 0);

describe('what a junction sends on', () => {
  it('is its queue, one headway after the other behind the begin of green, a journey later', () => {
    const [inflow] = predictOutflow(site, timeline('green'), picture, [], after(NOW, seconds(60)));
    expect(inflow?.lane).toBe('next_0');
    const at = inflow!.arrivals.map((arrival) => (arrival.at - NOW) / 1000);
    // 5 s to green, 1.4 s start-up, 2 s headways, 10 s of road; told in slots of 2 s.
    expect(at[0]).toBeGreaterThan(15);
    expect(at.at(-1)).toBeLessThan(22.5);
    expect(total([inflow!])).toBeCloseTo(3);
  });

  it('is nothing of a queue that stays red, but still what has crossed the stop line before', () => {
    const sent = [{ lane: laneId('next_0'), at: after(NOW, seconds(4)), pcu: 0.7, persons: 1 }];
    expect(total(predictOutflow(site, timeline('red'), picture, [], after(NOW, seconds(60))))).toBe(0);
    expect(total(predictOutflow(site, timeline('red'), picture, sent, after(NOW, seconds(60))))).toBeCloseTo(0.7);
  });

  it('is known as far ahead as the plan and the road reach', () => {
    const [inflow] = predictOutflow(site, timeline('green'), picture, [], after(NOW, seconds(30)));
    expect((inflow!.until - NOW) / 1000).toBeCloseTo(40, 0);
  });
});

describe('the board between neighbours', () => {
  const outflow = (pcu: number) => [
    { lane: lane.id, until: after(NOW, seconds(60)), arrivals: [{ at: after(NOW, seconds(30)), pcu, persons: 1, stopped: false }] },
  ];

  it('tells what was said in the step before, whoever is served first in this one', () => {
    const board = createOutflowBoard();
    const neighbour = junctionId('neighbour');
    board.tell(neighbour, NOW, outflow(1));
    expect(board.inflowOf(site, NOW)).toEqual([]);
    board.tell(neighbour, after(NOW, seconds(1)), outflow(2));
    expect(board.inflowOf(site, after(NOW, seconds(1)))).toEqual(outflow(1));
    expect(board.inflowOf(site, after(NOW, seconds(2)))).toEqual(outflow(2));
  });

  it('keeps from a junction what does not come to it', () => {
    const board = createOutflowBoard();
    board.tell(junctionId('neighbour'), NOW, [{ ...outflow(1)[0]!, lane: laneId('elsewhere_0') }]);
    expect(board.inflowOf(site, after(NOW, seconds(1)))).toEqual([]);
  });
});

describe('a lane that is told of inflow', () => {
  it('expects its share of the approach at the time told, in place of the mean flow', () => {
    const lamps: LampState[] = site.groups.map(({ id }) => ({ group: id, lamp: 'red', since: NOW }));
    const at = after(NOW, seconds(30));
    const inflow = [
      { lane: lane.id, until: after(NOW, seconds(60)), arrivals: [{ at, pcu: 6, persons: 9, stopped: false, expected: true }] },
    ];
    const state = updateDemand(site, startDemand(site, NOW), { now: after(NOW, seconds(1)), lamps, inflow });
    const told = readDemand(site, state, after(NOW, seconds(1))).lanes.find((demand) => demand.lane === lane.id)!;
    const within = told.arrivals.filter((arrival) => arrival.expected && arrival.at < after(NOW, seconds(60)));
    expect(within.map((arrival) => arrival.at)).toEqual([at]);
    expect(within[0]!.pcu).toBeGreaterThan(0);
    expect(within[0]!.pcu).toBeLessThanOrEqual(6);
  });
});
