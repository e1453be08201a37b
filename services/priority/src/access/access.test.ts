import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parsePolicies } from '../requests/policy-file.ts';
import { readClients } from './clients.ts';
import { openRateLimiter } from './rate-limit.ts';

describe('clients', () => {
  const OPERATOR = 'o'.repeat(48);
  const BUS = 'b'.repeat(32);
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'songxanh-clients-'));
  });
  afterEach(() => {
    rmSync(dir, { recursive: true, force: true });
  });
  const read = (value: unknown): ReturnType<typeof readClients> => {
    const file = join(dir, 'clients.json');
    writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
    return readClients(file, OPERATOR);
  };

  it('are known by their token, each with the classes it may ask for', async () => {
    const find = await read({ clients: [{ name: 'buses', token: BUS, classes: ['transit'] }] });
    expect(find(`Bearer ${BUS}`)).toMatchObject({ name: 'buses', classes: ['transit'] });
    expect(find(`Bearer ${OPERATOR}`).classes).toContain('fire');
    for (const bad of [undefined, '', BUS, `Bearer ${BUS}x`, 'Bearer ']) expect(() => find(bad)).toThrow('Bearer <token>');
  });

  it.each([
    ['no JSON', '{', /clients\.json: .*expected JSON/],
    ['no list', {}, /clients: expected a list/],
    ['no name', { clients: [{ token: BUS, classes: [] }] }, /clients\[0\]\.name/],
    [
      'a token that could be guessed',
      { clients: [{ name: 'x', token: 'short', classes: [] }] },
      /clients\[0\]\.token: expected at least 32/,
    ],
    ['an unknown class', { clients: [{ name: 'x', token: BUS, classes: ['taxi'] }] }, /clients\[0\]\.classes: expected a list of transit/],
  ])('of a file with %s are refused by place', async (_, value, message) => {
    await expect(read(value)).rejects.toThrow(message);
  });
});

test('a client is let in as often as its rate allows, whatever others do', () => {
  let now = 0;
  const mayEnter = openRateLimiter({ burst: 3, perS: 2 }, () => now);
  const times = (client: string, n: number): number => Array.from({ length: n }, () => mayEnter(client)).filter(Boolean).length;
  expect(times('a', 10)).toBe(3);
  expect(times('b', 10)).toBe(3);
  now = 1000;
  expect(times('a', 10)).toBe(2);
  now = 60_000;
  expect(times('a', 10)).toBe(3);
});

describe('a file of policies', () => {
  it('gives rules for lines, stops and junctions, times in seconds', () => {
    const text = JSON.stringify({
      rules: [
        { line: '32', kind: 'conditional', when: { latenessS: 120 }, measures: ['green-extension'], lockoutS: 30, personFactor: 2 },
        { junction: 'J5', kind: 'none' },
      ],
    });
    expect(parsePolicies(text, 'p.json')).toEqual([
      {
        line: '32',
        policy: {
          kind: 'conditional',
          conditions: { latenessAtLeast: 120_000 },
          measures: ['green-extension'],
          lockout: 30_000,
          personFactor: 2,
        },
      },
      { junction: 'J5', policy: { kind: 'none' } },
    ]);
  });

  it.each([
    ['[]', 'rules: expected a list'],
    ['{"rules": [{"kind": "always"}]}', 'rules[0].kind: expected none, conditional or unconditional'],
    ['{"rules": [{}, {"lines": "32"}]}', 'rules[1].lines: expected one of line, stop'],
    ['{"rules": [{"when": {"late": 3}}]}', 'rules[0].when.late: expected one of latenessS'],
    ['{"rules": [{"lockoutS": -1}]}', 'rules[0].lockoutS: expected a number from 0'],
    ['{"rules": [{"measures": ["magic"]}]}', 'rules[0].measures: expected a list of green-extension'],
    ['{"rules": ', 'p.json: '],
  ])('%s is refused by place', (text, message) => {
    expect(() => parsePolicies(text, 'p.json')).toThrow(message);
  });
});
