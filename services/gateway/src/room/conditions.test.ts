import type { LiveHealth, LiveSignals } from '@songxanh/wire';
import { site } from '../testing/test-gateway.ts';
import { conditionsOf } from './conditions.ts';

const health: LiveHealth = { processes: [], degraded: [], refusals: {} };
const signals = (change: Partial<LiveSignals>): Record<string, LiveSignals> => ({
  [site.id]: {
    at: 0,
    mode: 'running',
    source: 'optimizer',
    why: 'plan-in-force',
    stage: '',
    lamps: '',
    countdowns: [],
    worstWaitS: 0,
    ...change,
  },
});
const keys = (facts: Partial<Parameters<typeof conditionsOf>[0]>, refused = {}): string[] =>
  conditionsOf({ health, signals: {}, detectors: {}, transit: [], ...facts }, [site], refused).map(
    ({ kind, severity }) => `${kind} ${severity}`,
  );

test.each<[string, Parameters<typeof keys>[0], string[]]>([
  ['nothing is wrong under the optimizer', { signals: signals({}) }, []],
  ["an operator's order is no fault", { signals: signals({ source: 'operator', why: 'operator-override' }) }, []],
  ['a fault flash is critical', { signals: signals({ mode: 'fault-flash', source: 'safety' }) }, ['fault-flash critical']],
  ['night flash is the schedule', { signals: signals({ mode: 'night-flash', source: 'flash' }) }, []],
  ['a fallback is a warning', { signals: signals({ source: 'time-of-day', why: 'centre-silent' }) }, ['without-optimizer warning']],
  ['one failed detector is a notice', { detectors: { [site.id]: `0X${'0'.repeat(site.detectors.length - 2)}` } }, ['detector-failed info']],
  [
    'a lost agent is critical, a lost optimizer is not',
    {
      health: {
        ...health,
        processes: [
          { kind: 'agent', name: 'agent-1', state: 'down', since: 0, detail: '' },
          { kind: 'optimizer', name: 'optimizer', state: 'down', since: 0, detail: '' },
          { kind: 'redis', name: 'redis', state: 'up', since: 0, detail: '' },
        ],
      },
    },
    ['process-down critical', 'process-down warning'],
  ],
])('%s', (_, facts, expected) => {
  expect(keys(facts)).toEqual(expected);
});

test('buses of a line that are more than five minutes late are one notice', () => {
  const bus = (vehicle: string, line: string, latenessS: number | null) => ({
    ...{ vehicle, line, latenessS, lon: 1, lat: 2, headwayRatio: null, persons: 25, seenAt: 1000 },
  });
  const transit = [bus('a', '32', 301), bus('b', '32', 420), bus('c', '09', 300), bus('d', '22', null), bus('e', '01', -600)];
  const conditions = conditionsOf({ health, signals: {}, detectors: {}, transit }, [site], {});
  expect(conditions).toEqual([{ key: 'bus-late/32', kind: 'bus-late', severity: 'info', detail: '32', afterMs: 60_000 }]);
});

test('refused reports are a notice while they grow', () => {
  const refusing = { health: { ...health, refusals: { malformed: 3 } } };
  expect(keys(refusing, { malformed: 2 })).toEqual(['data-quality info']);
  expect(keys(refusing, { malformed: 3 })).toEqual([]);
});
