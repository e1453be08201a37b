import type { Override } from '../controller/controller.ts';
import { instant } from '../time.ts';
import { arbitrate, type Situation } from './arbitrate.ts';

const quiet: Situation = {
  now: instant(100_000),
  cabinetFault: false,
  entering: undefined,
  overrides: [],
  program: 'actuated',
  clockTrusted: true,
  planUntil: undefined,
  runnable: true,
};
const day = { name: 'day', cycle: 60, offset: 0, splits: [] } as unknown as Situation['program'];
const by = (source: Override['source'], expires = 200_000): Override => ({
  id: source,
  source,
  action: { kind: 'hold' },
  reason: '',
  by: '',
  expires: instant(expires),
});

test.each<[string, Partial<Situation>, string]>([
  ['a cabinet fault beats everybody', { cabinetFault: true, overrides: [by('rail-preemption')] }, 'safety cabinet-fault'],
  ['nobody interferes with start-up', { entering: 'start-up', overrides: [by('manual')] }, 'safety start-up'],
  ['rail before manual', { overrides: [by('manual'), by('rail-preemption')] }, 'rail-preemption rail-preemption-override'],
  ['manual before an ambulance', { overrides: [by('emergency-preemption'), by('manual')] }, 'manual manual-override'],
  ['an operator before the optimizer', { overrides: [by('operator')], planUntil: instant(200_000) }, 'operator operator-override'],
  ['an expired override is none', { overrides: [by('operator', 100_000)], program: day }, 'time-of-day schedule'],
  ['a plan while it lasts', { planUntil: instant(100_001), program: day }, 'optimizer plan-in-force'],
  ['the time-of-day plan when the centre is silent', { planUntil: instant(100_000), program: day }, 'time-of-day centre-silent'],
  ['local actuation where the clock may be wrong', { program: day, clockTrusted: false }, 'actuated clock-not-trusted'],
  ['local actuation where no plan is for the hour', {}, 'actuated no-plan-for-the-hour'],
  ['night flash before any plan', { program: 'night-flash', planUntil: instant(200_000) }, 'flash night-flash'],
  ['flash when nothing can run', { runnable: false, overrides: [by('operator')] }, 'flash nothing-can-run'],
])('%s', (_, change, expected) => {
  const { source, why } = arbitrate({ ...quiet, ...change });
  expect(`${source} ${why}`).toBe(expected);
});
