import type { LampState } from '../controller/lamp.ts';
import type { JunctionDemand } from '../demand/demand.ts';
import { detectorId, laneId, planId, signalGroupId, stageId } from '../ids.ts';
import type { Site } from '../intersection/site.ts';
import { loopStep, startLoop } from '../loop/loop.ts';
import { findBreach, type WaitingCall } from '../plan/validate-plan.ts';
import { measuredFourArms } from '../testing/point-queue-world.ts';
import { MONDAY_7, withCountdown } from '../testing/sites.ts';
import { after, before, seconds } from '../time.ts';
import { adaptivePlanner } from './adaptive-planner.ts';
import type { PlanningInput, SignalView } from './planner.ts';

const site = measuredFourArms({ stageOrder: 'free' });
const takenUp = after(MONDAY_7, seconds(1));
const NS = stageId('NS');
const begun = before(MONDAY_7, seconds(20));
const northSouth = new Set<string>(site.stages.find(({ id }) => id === NS)!.green);

const lamps: readonly LampState[] = site.groups.map(({ id }) => ({
  group: id,
  lamp: northSouth.has(id) ? 'green' : 'red',
  since: northSouth.has(id) ? begun : before(MONDAY_7, seconds(60)),
}));

const signals = (calls: readonly WaitingCall[]): SignalView => ({
  lamps,
  commitments: [],
  calls,
  plan: {
    id: planId('before'),
    junction: site.id,
    source: 'optimizer',
    madeAt: begun,
    steps: [{ stage: NS, start: begun }],
    until: after(MONDAY_7, seconds(8)),
  },
});

/** Northbound traffic without end, nobody else. */
const oneStream: JunctionDemand = {
  junction: site.id,
  at: MONDAY_7,
  lanes: [
    {
      lane: laneId('TN_0'),
      arrivals: Array.from({ length: 100 }, (_, k) => ({
        at: after(MONDAY_7, seconds(2 * k)),
        pcu: 1,
        persons: 1,
        stopped: false,
        expected: true,
      })),
      saturationPcuPerS: 0.5,
      confidence: 1,
    },
  ],
  pedestrians: [],
  exits: [],
};

const plan = (calls: readonly WaitingCall[]) => {
  const input: PlanningInput = { site, now: MONDAY_7, signals: signals(calls), demand: oneStream, planId: planId('new') };
  return adaptivePlanner()(input).plan!;
};
const breach = (calls: readonly WaitingCall[], made: ReturnType<typeof plan>) =>
  findBreach(site, { ...signals(calls), now: takenUp }, made)?.message;

const call = (group: string, greenBy: number): WaitingCall => ({
  group: signalGroupId(group),
  since: before(MONDAY_7, seconds(40)),
  greenBy: after(MONDAY_7, seconds(greenBy)),
});

describe('the adaptive planner', () => {
  it('serves whom the controller says to be waiting, although it sees no traffic there', () => {
    expect(plan([]).steps).toHaveLength(1);
    const late = [call('TE', 30)];
    expect(breach(late, plan([]))).toMatch(/TE/);
    expect(breach(late, plan(late))).toBeUndefined();
  });

  it.each(['TE', 'LE', 'PN'])('makes a plan that stands when %s calls while it is on its way', (group) => {
    const since = takenUp;
    const late = [{ group: signalGroupId(group), since, greenBy: after(MONDAY_7, seconds(900)) }];
    expect(breach(late, plan([]))).toBeUndefined();
  });
});

describe('red caps', () => {
  it('hold without a call where displays promise a whole red: who calls later could not be fitted in', () => {
    const patient = { ...site, groups: site.groups.map((group) => ({ ...group, maxGreen: seconds(300) })) };
    const served = (where: Site): boolean =>
      (
        adaptivePlanner()({ site: where, now: MONDAY_7, signals: signals([]), demand: oneStream, planId: planId('new') }).plan?.steps ?? []
      ).some(({ stage, start }) => stage === stageId('EW') && start < after(MONDAY_7, seconds(60)));
    expect(served(patient)).toBe(false);
    expect(served(withCountdown(patient, 'full'))).toBe(true);
  });

  it('come to the planner with the calls of the controller', () => {
    let state = startLoop(site, MONDAY_7, { planner: adaptivePlanner(), sensing: 'detectors', planDelay: 'next-step' });
    const pushed = after(MONDAY_7, seconds(20));
    for (let t = 1; t < 20; t++) state = loopStep(state, { now: after(MONDAY_7, seconds(t)), actuations: [] }).state;
    const { report } = loopStep(state, { now: pushed, actuations: [{ detector: detectorId('btn_PN'), at: pushed, on: true }] });
    const red = report.lamps.find(({ group }) => group === signalGroupId('PN'))!;
    expect(report.calls.find(({ group }) => group === signalGroupId('PN'))).toEqual({
      group: signalGroupId('PN'),
      since: pushed,
      greenBy: after(red.since, seconds(120)),
    });
  });
});
