import type { LiveHealth } from '@songxanh/wire';
import type { HealthFacts } from './health-watch.ts';
import { watchHealth } from './health-watch.ts';

const nothing: LiveHealth = { processes: [], degraded: [], refusals: {} };
const beat = (kind: string, name: string, detail = '') => ({ kind, name, beat: { kind, name, address: '', pid: 1, detail } });
const facts = (change: Partial<HealthFacts>): HealthFacts => ({
  now: 1000,
  redisUp: true,
  known: [beat('detectors', 'detectors', '{"malformed":2}'), beat('optimizer', 'optimizer')],
  attachedAgents: ['agent-1'],
  detectorsUp: true,
  cabinetUp: true,
  signals: {},
  ...change,
});
const states = ({ processes }: LiveHealth): Record<string, string> => Object.fromEntries(processes.map(({ name, state }) => [name, state]));

test('everything that beats or is attached is up', () => {
  const health = watchHealth(nothing, facts({}));
  expect(states(health)).toEqual({ redis: 'up', cabinet: 'up', 'agent-1': 'up', detectors: 'up', optimizer: 'up', gateway: 'up' });
  expect(health.refusals).toEqual({ malformed: 2 });
});

test('a process that fell silent, an agent that left and a broken link are down, since when they were first seen so', () => {
  const before = watchHealth(nothing, facts({}));
  const lost = { known: [{ kind: 'optimizer', name: 'optimizer', beat: undefined }], attachedAgents: [], cabinetUp: false };
  const after = watchHealth(before, facts({ now: 2000, ...lost }));
  expect(states(after)).toMatchObject({ optimizer: 'down', 'agent-1': 'down', cabinet: 'down' });
  const later = watchHealth(after, facts({ now: 3000, ...lost }));
  expect(later.processes.find(({ name }) => name === 'optimizer')?.since).toBe(2000);
});

test('while Redis is away the last word on the others stays, but for those the gateway sees itself', () => {
  const before = watchHealth(nothing, facts({}));
  const after = watchHealth(before, facts({ redisUp: false, known: undefined, detectorsUp: false }));
  expect(states(after)).toMatchObject({ redis: 'down', optimizer: 'up', detectors: 'down', 'agent-1': 'up' });
});

test('a junction that its optimizer does not run is named with its source and why', () => {
  const signals = { at: 1, mode: 'running', why: 'centre-silent', stage: 'A', lamps: 'r', countdowns: [null], worstWaitS: 0 } as const;
  const { degraded } = watchHealth(
    nothing,
    facts({ signals: { J1: { ...signals, source: 'time-of-day' }, J2: { ...signals, source: 'optimizer' } } }),
  );
  expect(degraded).toEqual([{ junction: 'J1', source: 'time-of-day', why: 'centre-silent' }]);
});
