import { nameJunctions, parsePlaybooks } from './parse-playbooks.ts';

const words = { en: 'x', vi: 'x' };
const good = {
  id: 'flood',
  title: words,
  class: 'emergency',
  contacts: ['114'],
  triggers: [{ metric: 'queued-vehicles', above: 10, forS: 60 }],
  steps: [
    {
      title: words,
      actor: 'operator',
      deadlineS: 60,
      signals: { junctions: ['J1'], action: { kind: 'plan', name: 'wet' }, durationS: 600 },
    },
  ],
  end: words,
};
const parse = (value: unknown) => parsePlaybooks(typeof value === 'string' ? value : JSON.stringify(value), 'p.json', ['J1', 'J2']);

test('takes a playbook as it is written', () => {
  expect(parse([good])).toEqual({ ok: true, value: [good] });
});

test.each<[string, unknown, string]>([
  ['text that is no JSON', '{', 'expected JSON'],
  ['one playbook instead of a list', good, 'must be array'],
  ['a role nobody has', [{ ...good, steps: [{ ...good.steps[0], actor: 'admin' }] }], '/0/steps/0/actor'],
  ['no Vietnamese', [{ ...good, title: { en: 'x' } }], '/0/title'],
  ['the same id twice', [good, good], '/1/id flood'],
  [
    'a junction the city does not have',
    [{ ...good, steps: [{ ...good.steps[0], signals: { ...good.steps[0]?.signals, junctions: ['J9'] } }] }],
    '"J9"',
  ],
  ['a text that mentions a junction the city does not have', [{ ...good, end: { en: 'over', vi: 'hết ở {J7}' } }], '{J7}'],
  ['a playbook without steps', [{ ...good, steps: [] }], '/0/steps'],
])('refuses %s and says where', (_, value, where) => {
  const parsed = parse(value);
  expect(parsed.ok).toBe(false);
  expect(!parsed.ok && parsed.message).toContain(where);
  expect(!parsed.ok && parsed.message).toContain('p.json');
});

test('says a junction that a text mentions by its name', () => {
  const mentioning = { ...good, title: { en: 'Flood at {J1}', vi: 'Ngập tại {J1} và {J2}' } };
  const parsed = parse([mentioning]);
  if (!parsed.ok) throw new Error(parsed.message);
  const [named] = nameJunctions(parsed.value, (junction) => (junction === 'J1' ? 'Phố Tre' : junction));
  expect(named).toEqual({ ...good, title: { en: 'Flood at Phố Tre', vi: 'Ngập tại Phố Tre và J2' } });
});
