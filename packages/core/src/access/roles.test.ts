import { deedsOf, DEEDS, mayDo, outranksRole, ROLES, type Person } from './roles.ts';

const lan: Person = { name: 'lan', role: 'operator', area: ['J1', 'J2'] };

test.each<[string, Person, Parameters<typeof mayDo>[1], string | undefined, string]>([
  ['an operator commands a junction of the area', lan, 'command', 'J1', 'ok'],
  ['an operator may not command a junction elsewhere', lan, 'command', 'J9', 'outside-area'],
  ['an area may be the whole city', { ...lan, area: ['*'] }, 'command', 'J9', 'ok'],
  ['an operator may not reset a fault, which needs somebody at the cabinet', lan, 'reset-fault', 'J1', 'wrong-role'],
  ['a maintainer may not command', { ...lan, role: 'maintainer' }, 'command', 'J1', 'wrong-role'],
  ['an auditor reads the audit log', { ...lan, role: 'auditor' }, 'read-audit', undefined, 'ok'],
  ['an auditor changes nothing', { ...lan, role: 'auditor' }, 'handle-alarms', undefined, 'wrong-role'],
])('%s', (_, person, deed, junction, expected) => {
  const answer = mayDo(person, deed, junction);
  expect(answer.ok ? 'ok' : answer.reason).toBe(expected);
});

test('no role may do everything', () => {
  for (const role of ROLES) expect(deedsOf(role).length).toBeLessThan(DEEDS.length);
});

test('only a duty officer outranks an operator, and nobody outranks an equal', () => {
  expect(ROLES.filter((role) => outranksRole(role, 'operator'))).toEqual(['duty-officer']);
  for (const role of ROLES) expect(outranksRole(role, role)).toBe(false);
});
