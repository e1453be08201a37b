import { afterAction, endRun, settleStep, startRun, watchTriggers, type Playbook, type PlaybookRun } from './playbook.ts';

const words = (en: string) => ({ en, vi: en });
const flood: Playbook = {
  id: 'flood',
  title: words('Flooded street'),
  class: 'emergency',
  contacts: ['114'],
  triggers: [{ metric: 'queued-vehicles', above: 100, forS: 60 }],
  steps: [
    { title: words('Look at the camera'), actor: 'operator', deadlineS: 60 },
    { title: words('Inform 114'), actor: 'duty-officer', deadlineS: 120 },
    { title: words('Choose the wet plan'), actor: 'operator', deadlineS: 180 },
  ],
  end: words('the water has gone'),
};
const run = startRun(flood, 'r1', 'drill', 'lan', 0);
const settled = (before: PlaybookRun, index: number, at: number): PlaybookRun => {
  const next = settleStep(before, index, { state: 'done', by: 'lan' }, at);
  if (!next.ok) throw new Error(next.message);
  return next.value;
};

test('reports each step against its deadline', () => {
  const after = settled(settled(run, 0, 30_000), 1, 150_000);
  expect(afterAction(flood, after, 200_000)).toMatchObject({
    done: 2,
    late: 1,
    missed: 1,
    lastedS: 200,
    steps: [
      { state: 'done', tookS: 30, late: false, by: 'lan' },
      { state: 'done', tookS: 150, late: true },
      { state: 'open', late: true },
    ],
  });
});

test.each<[string, Parameters<typeof settleStep>, string]>([
  ['a step that the playbook does not have', [run, 7, { state: 'done', by: 'lan' }, 1], 'unknown-step'],
  ['a skipped step without a note', [run, 0, { state: 'skipped', by: 'lan' }, 1], 'no-note'],
  ['a step that is settled already', [settled(run, 0, 1), 0, { state: 'done', by: 'lan' }, 2], 'already-settled'],
  ['a step after the end', [{ ...run, endedAt: 5, endedBy: 'lan' }, 0, { state: 'done', by: 'lan' }, 6], 'run-ended'],
])('refuses %s', (_, [before, index, how, now], reason) => {
  expect(settleStep(before, index, how, now)).toMatchObject({ ok: false, reason });
});

test('ends once', () => {
  const ended = endRun(run, 'lan', 9000);
  expect(ended).toMatchObject({ ok: true, value: { endedBy: 'lan', endedAt: 9000 } });
  expect(endRun({ ...run, endedAt: 1 }, 'lan', 2)).toMatchObject({ reason: 'run-ended' });
});

test('suggests a playbook when its measure has been above the threshold long enough, and begins anew after a dip', () => {
  const calm = { 'queued-vehicles': 20, 'mean-delay-s': 0, 'worst-wait-s': 0, 'critical-alarms': 0 };
  const jam = { ...calm, 'queued-vehicles': 101 };
  const first = watchTriggers([flood], jam, {}, 1000);
  expect(first.suggested).toEqual([]);
  expect(watchTriggers([flood], jam, first.watch, 61_000).suggested).toEqual(['flood']);
  const dip = watchTriggers([flood], calm, first.watch, 30_000);
  expect(watchTriggers([flood], jam, dip.watch, 61_000).suggested).toEqual([]);
});
