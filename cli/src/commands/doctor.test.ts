import { describeFinding, isNodeRecent } from './doctor.ts';

test.each([
  ['20.19.0', true],
  ['20.18.9', false],
  ['18.20.0', false],
  ['22.1.0', true],
])('Node %s is recent enough: %s', (version, recent) => {
  expect(isNodeRecent(version)).toBe(recent);
});

test('says how to get what is missing, and whether it is needed', () => {
  const finding = { what: 'Redis', found: undefined, remedy: 'sudo apt-get install redis-server' };
  expect(describeFinding({ ...finding, needed: true })).toMatch(/^✗ Redis +sudo apt-get install redis-server$/);
  expect(describeFinding({ ...finding, needed: false })).toMatch(/^– Redis/);
  expect(describeFinding({ ...finding, found: '7.0', needed: true })).toMatch(/^✓ Redis +7\.0$/);
});
