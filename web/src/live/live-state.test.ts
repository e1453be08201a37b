import type { LiveDecision, LiveSnapshot } from '@songxanh/wire/live';
import { applyMessage } from './live-state.ts';

const decision = (at: number): LiveDecision => ({
  junction: 'J1',
  at,
  method: 'adaptive',
  reason: 'extend',
  chosen: { steps: [], cost: 1 },
  alternatives: [],
  seen: [],
});
const lamps = (letters: string) =>
  ({
    at: 0,
    mode: 'running',
    source: 'optimizer',
    why: 'plan-in-force',
    stage: 'a',
    lamps: letters,
    countdowns: [],
    worstWaitS: 0,
  }) as const;
const kpis = { adaptive: { at: 0, meanDelayPerPersonS: 10, personDelayH: 1, throughput: 1, stops: 1, running: 1, waitingToEnter: 0 } };

const snapshot: LiveSnapshot = {
  type: 'snapshot',
  seq: 7,
  at: 1000,
  signals: { J1: lamps('Gr'), J2: lamps('rG') },
  detectors: { J1: '01' },
  queues: { a_0: 3 },
  vehicles: [1, 2, 3, 4, 5, 6],
  kpis,
  decisions: [decision(1000)],
  health: { processes: [], degraded: [], refusals: {} },
};

describe('the page state', () => {
  it('knows nothing from a delta without a snapshot', () => {
    expect(applyMessage(undefined, { type: 'delta', seq: 1, at: 1 })).toBeUndefined();
  });

  it('keeps the junctions that a delta does not name', () => {
    const state = applyMessage(applyMessage(undefined, snapshot), { type: 'delta', seq: 8, at: 2000, signals: { J1: lamps('yr') } });
    expect(state).toMatchObject({ seq: 8, at: 2000, signals: { J1: { lamps: 'yr' }, J2: { lamps: 'rG' } }, queues: { a_0: 3 } });
  });

  it('leaves the message it began with as it was: a replay begins with it again', () => {
    applyMessage(applyMessage(undefined, snapshot), {
      type: 'delta',
      seq: 8,
      at: 2000,
      signals: { J1: lamps('yr') },
      detectors: { J1: '11' },
    });
    expect(snapshot.signals['J1']?.lamps).toBe('Gr');
    expect(snapshot.detectors).toEqual({ J1: '01' });
  });

  it('replaces queues and vehicles whole, and appends decisions', () => {
    const state = applyMessage(applyMessage(undefined, snapshot), {
      type: 'delta',
      seq: 8,
      at: 2000,
      queues: {},
      vehicles: [],
      decisions: [decision(2000)],
    });
    expect(state?.queues).toEqual({});
    expect(state?.vehicles).toEqual([]);
    expect(state?.decisions.map(({ at }) => at)).toEqual([1000, 2000]);
  });

  it('forgets what a later snapshot does not hold', () => {
    const state = applyMessage(applyMessage(undefined, snapshot), { ...snapshot, seq: 90, signals: { J2: lamps('rr') } });
    expect(Object.keys(state!.signals)).toEqual(['J2']);
  });

  it('samples the figures once a minute of street time and starts anew when the street begins again', () => {
    let state = applyMessage(undefined, snapshot);
    state = applyMessage(state, { type: 'delta', seq: 8, at: 30_000 });
    state = applyMessage(state, { type: 'delta', seq: 9, at: 61_001 });
    expect(state?.history.map(({ at }) => at)).toEqual([1000, 61_001]);
    expect(applyMessage(state, { ...snapshot, at: 500 })?.history.map(({ at }) => at)).toEqual([500]);
  });
});
