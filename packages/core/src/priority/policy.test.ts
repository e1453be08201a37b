import { junctionId, laneId, planId, signalGroupId, stageId } from '../ids.ts';
import type { StagePlan } from '../plan/stage-plan.ts';
import { measuredFourArms } from '../testing/point-queue-world.ts';
import { MONDAY_7 } from '../testing/sites.ts';
import { after, minutes, seconds } from '../time.ts';
import { measureOf } from './measure.ts';
import { conditionUnmet, DEFAULT_POLICY, policyFor, priorityWeight, type PolicyRule } from './policy.ts';
import { planWithinMeasures } from './priority-planner.ts';
import { requestId, type ActiveRequest, type PriorityRequest } from './priority-request.ts';
import { headwayRatio, headwayVariation, latenessAt, scheduledAt, scheduledHeadway, type ScheduledStop } from './timetable.ts';
import { statementsOf, type RequestOutcome, type RequestProof } from './statement.ts';
import type { Planner, PlanningInput } from '../optimizer/planner.ts';
import { readDemand, startDemand } from '../demand/demand-state.ts';

const site = measuredFourArms();
const bus: PriorityRequest = {
  id: requestId('b'),
  junction: site.id,
  requester: 'transit',
  vehicle: 'b',
  vehicleClass: 'transit',
  group: signalGroupId('TN'),
  lane: laneId('TN_0'),
  arrival: { earliest: MONDAY_7, latest: MONDAY_7 },
  persons: 30,
  line: '32',
  stop: 'school',
  standing: {},
};

describe('the policy for a request', () => {
  const rules: readonly PolicyRule[] = [
    { line: '32', junction: junctionId('J1'), policy: { kind: 'none' } },
    { line: '32', policy: { kind: 'conditional', personFactor: 3 } },
    { stop: 'school', line: '32', junction: junctionId('J2'), policy: { personFactor: 5 } },
    { policy: { maxPresence: minutes(1) } },
  ];

  it('is the most particular rule for line, stop and junction, over what more general ones say', () => {
    expect(policyFor(rules, bus)).toMatchObject({ kind: 'none', personFactor: 3, maxPresence: minutes(1) });
    expect(policyFor(rules, { ...bus, junction: junctionId('J2') })).toMatchObject({ kind: 'conditional', personFactor: 5 });
    expect(policyFor(rules, { ...bus, line: '7' })).toEqual({ ...DEFAULT_POLICY, maxPresence: minutes(1) });
  });

  it('lets nobody in where there is none, everybody where it is unconditional', () => {
    expect(conditionUnmet({ ...DEFAULT_POLICY, kind: 'none' }, bus)).toBe('no-priority-here');
    expect(conditionUnmet(DEFAULT_POLICY, bus)).toBeUndefined();
  });

  it.each([
    ['late enough', { lateness: minutes(3) }, 30, true],
    ['too long after the bus before', { headwayRatio: 1.6 }, 30, true],
    ['full', {}, 60, true],
    ['on time, regular and half empty', { lateness: minutes(1), headwayRatio: 1 }, 30, false],
    ['of which nothing is known', {}, 30, false],
  ])('that is conditional on a bus %s: %s', (_, standing, persons, let_in) => {
    const conditions = { latenessAtLeast: minutes(2), headwayRatioAtLeast: 1.5, personsAtLeast: 50 };
    expect(conditionUnmet({ ...DEFAULT_POLICY, kind: 'conditional', conditions }, { ...bus, standing, persons }) === undefined).toBe(
      let_in,
    );
  });

  it('weighs a late bus more, up to ten minutes, and an early one no less than one on time', () => {
    const weight = (late: number): number => priorityWeight(DEFAULT_POLICY, { ...bus, standing: { lateness: minutes(late) } });
    expect(weight(-4)).toBe(60);
    expect(weight(5)).toBeCloseTo(120);
    expect(weight(60)).toBe(weight(10));
  });
});

const plan = (...steps: readonly (readonly [string, number])[]): StagePlan => ({
  id: planId('p'),
  junction: site.id,
  source: 'optimizer',
  madeAt: MONDAY_7,
  steps: steps.map(([stage, s]) => ({ stage: stageId(stage), start: after(MONDAY_7, seconds(s)) })),
  until: after(MONDAY_7, seconds(90)),
});
const usual = plan(['NS', -20], ['NSleft', 15], ['EW', 30], ['EWleft', 60]);

describe('the measure that serves a request', () => {
  it.each([
    ['green-extension', 'TN', plan(['NS', -20], ['NSleft', 25], ['EW', 40])],
    ['early-green', 'TE', plan(['NS', -20], ['NSleft', 10], ['EW', 22])],
    ['stage-skip', 'TE', plan(['NS', -20], ['EW', 15], ['EWleft', 60])],
    ['stage-insertion', 'TN', plan(['NS', -20], ['NS', 20], ['EW', 30])],
    [undefined, 'TE', plan(['NS', -20], ['NSleft', 15], ['EW', 34])],
    [undefined, 'TN', usual],
  ] as const)('is %s for %s', (measure, group, given) => {
    expect(measureOf(site, MONDAY_7, signalGroupId(group), usual, given)).toBe(measure);
  });

  const input: PlanningInput = {
    site,
    now: MONDAY_7,
    signals: { lamps: [], plan: usual, commitments: [] },
    demand: readDemand(site, startDemand(site, MONDAY_7), MONDAY_7),
    planId: planId('next'),
  };
  const request: ActiveRequest = {
    id: requestId('b'),
    group: signalGroupId('TE'),
    lane: laneId('TE_0'),
    earliest: after(MONDAY_7, seconds(20)),
    latest: after(MONDAY_7, seconds(24)),
    weight: 40,
  };
  /** Skips the lefts for whoever asks. */
  const skipping: Planner = ({ demand }) => {
    const asked = demand.lanes.some(({ arrivals }) => arrivals.some(({ pcu }) => pcu === 0));
    const made = asked ? plan(['NS', -20], ['EW', 15]) : usual;
    return {
      plan: made,
      record: {
        junction: site.id,
        at: MONDAY_7,
        method: 't',
        reason: 'change',
        chosen: { steps: [], cost: 0 },
        alternatives: [],
        seen: [],
      },
    };
  };

  it('is given where the policy allows it', () => {
    expect(planWithinMeasures(skipping, input, [request]).plan?.steps).toHaveLength(2);
    expect(planWithinMeasures(skipping, input, [{ ...request, measures: ['stage-skip'] }]).plan?.steps).toHaveLength(2);
  });

  it('is not given where the policy does not', () => {
    expect(planWithinMeasures(skipping, input, [{ ...request, measures: ['green-extension', 'early-green'] }]).plan).toEqual(usual);
  });
});

describe('a timetable', () => {
  const stops: readonly ScheduledStop[] = [
    { stop: 'a', distanceM: 0, arrival: MONDAY_7, departure: after(MONDAY_7, seconds(20)) },
    { stop: 'b', distanceM: 500, arrival: after(MONDAY_7, seconds(120)), departure: after(MONDAY_7, seconds(140)) },
  ];

  it('has a vehicle between two stops in proportion to the way, and at a stop until its departure', () => {
    expect(scheduledAt(stops, 250)).toBe(after(MONDAY_7, seconds(70)));
    expect(scheduledAt(stops, 500)).toBe(after(MONDAY_7, seconds(140)));
    expect(scheduledAt(stops, -10)).toBe(MONDAY_7);
    expect(latenessAt(stops, 250, after(MONDAY_7, seconds(130)))).toBe(60_000);
    expect(latenessAt([], 250, MONDAY_7)).toBeUndefined();
  });

  it('tells the gap to the vehicle before against the scheduled one', () => {
    const passages = [
      { vehicle: 'x', at: MONDAY_7 },
      { vehicle: 'y', at: after(MONDAY_7, minutes(6)) },
    ];
    expect(headwayRatio(passages, 'z', after(MONDAY_7, minutes(15)), minutes(6))).toBe(1.5);
    expect(headwayRatio(passages, 'x', MONDAY_7, minutes(6))).toBeUndefined();
    expect(scheduledHeadway([MONDAY_7, after(MONDAY_7, minutes(6)), after(MONDAY_7, minutes(18))], after(MONDAY_7, minutes(10)))).toBe(
      minutes(12),
    );
  });

  it('is kept regularly when the gaps are alike', () => {
    const every = (gaps: readonly number[]): number | undefined => {
      let at = MONDAY_7;
      return headwayVariation([
        { vehicle: '0', at },
        ...gaps.map((gap, i) => ({ vehicle: String(i + 1), at: (at = after(at, minutes(gap))) })),
      ]);
    };
    expect(every([6, 6, 6])).toBe(0);
    expect(every([1, 11, 6])).toBeCloseTo(0.68, 2);
    expect(every([6])).toBeUndefined();
  });
});

test("a line's statement adds up its month: what was asked, granted, late, saved, and what it cost others", () => {
  const outcome = (id: string, change: Partial<RequestOutcome> = {}): RequestOutcome => ({
    request: requestId(id),
    junction: site.id,
    at: MONDAY_7,
    line: '32',
    vehicle: id,
    end: 'checked-out',
    status: 'granted',
    granted: true,
    late: false,
    ...change,
  });
  const proof = (id: string, savedS: number, costPersonS: number): RequestProof => ({
    request: requestId(id),
    junction: site.id,
    at: MONDAY_7,
    savedS,
    costPersonS,
    othersPersonS: {},
  });
  const statements = statementsOf(
    [outcome('a'), outcome('b', { late: true }), outcome('c', { granted: false }), outcome('d', { line: '7' })],
    [proof('a', 20, 90), proof('b', 0.4, -10)],
    () => '2026-01',
    (line) => (line === '32' ? 0.4567 : undefined),
  );
  expect(statements).toEqual([
    {
      line: '32',
      month: '2026-01',
      requests: 3,
      granted: 2,
      helped: 1,
      lateGrants: 1,
      proved: 2,
      savedS: 20.4,
      costPersonS: 80,
      headwayVariation: 0.457,
    },
    { line: '7', month: '2026-01', requests: 1, granted: 1, helped: 0, lateGrants: 0, proved: 0, savedS: 0, costPersonS: 0 },
  ]);
});
