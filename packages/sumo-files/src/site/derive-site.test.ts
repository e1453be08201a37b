import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Network, Site } from '@songxanh/core';
import { placeDetectors } from '../detectors/place-detectors.ts';
import { parseNetwork, readNetwork } from '../network/parse-network.ts';
import { benchmarkFolders, cross, crossText, valueOf } from '../testing/fixtures.ts';
import { deriveSite, listYellowTraps } from './derive-site.ts';

const derive = (network: Network, id = 'C'): Site => deriveSite(network, id, { detectors: placeDetectors(network, [id]), busStops: [] });
const site = derive(cross());
const group = (name: string): string => site.groups.find((g) => g.name === name)?.id ?? `no ${name}`;
const intergreenS = (from: string, to: string): number | undefined => {
  const found = site.intergreens.find((pair) => pair.from === group(from) && pair.to === group(to));
  return found && found.duration / 1000;
};

/** What must hold for every derived site. */
const checkSite = (network: Network, derived: Site): void => {
  const hard = new Set(derived.conflicts.flatMap((c) => (c.kind === 'hard' ? [`${c.a} ${c.b}`, `${c.b} ${c.a}`] : [])));
  const clash = (green: readonly string[]): boolean => green.some((a) => green.some((b) => hard.has(`${a} ${b}`)));
  expect(derived.stages.filter(({ green }) => clash(green))).toEqual([]);

  const groupOf = new Map(derived.groups.flatMap((g) => g.heads.map((head) => [head, g.id] as const)));
  expect(groupOf.size).toBe(derived.groups.reduce((sum, { heads }) => sum + heads.length, 0));
  for (const { state } of network.programs.get(derived.id)?.intervals ?? []) {
    const green = Array.from(state).flatMap((letter, head) => (/[Ggs]/.test(letter) ? (groupOf.get(head) ?? []) : []));
    expect(clash(green)).toBe(false);
  }

  const clearances = new Map(derived.groups.map(({ id, clearance }) => [id, clearance]));
  const times = new Map(derived.intergreens.map(({ from, to, duration }) => [`${from} ${to}`, duration]));
  for (const pair of hard) expect(times.get(pair)).toBeGreaterThanOrEqual(3000);
  expect(derived.intergreens.filter(({ from, duration }) => duration < (clearances.get(from) ?? Infinity))).toEqual([]);

  const plan = derived.plans[0];
  expect(plan?.splits.reduce((sum, { duration }) => sum + duration, 0)).toBe(plan?.cycle);
  const served = new Set(derived.stages.filter(({ id }) => derived.stageSequence.includes(id)).flatMap(({ green }) => green));
  expect(derived.groups.filter(({ id }) => !served.has(id))).toEqual([]);
  const lanes = new Set(derived.lanes.map(({ id }) => id));
  expect(derived.movements.every(({ fromLane }) => lanes.has(fromLane))).toBe(true);
  expect(new Set(derived.movements.map(({ id }) => id)).size).toBe(derived.movements.length);
  for (const lane of lanes)
    expect(derived.detectors.some((detector) => detector.lane === lane && detector.role === 'stop-line')).toBe(true);
};

test('makes a site whose every stage and program state is free of hard conflicts', () => {
  checkSite(cross(), site);
});

test('takes the two stages of the program, pedestrians with the traffic beside them', () => {
  expect(site.stageSequence).toEqual(['s1', 's2']);
  const [first] = site.stages;
  expect(first?.green).toEqual(
    ['EC right', 'EC through', 'EC left', 'BC right', 'BC through', 'BC left', 'crossing :C_c0', 'crossing :C_c2'].map(group),
  );
  expect(site.plans).toMatchObject([{ cycle: 66_000, offset: 0, splits: [{ duration: 33_000 }, { duration: 33_000 }] }]);
});

test('lets a left turn yield to opposing traffic and a right turn to people on the crossing', () => {
  expect(site.conflicts).toContainEqual({ kind: 'permissive', yields: group('EC left'), to: group('BC through') });
  expect(site.conflicts).toContainEqual({ kind: 'permissive', yields: group('BC right'), to: group('crossing :C_c2') });
  expect(site.conflicts).toContainEqual({ kind: 'hard', a: group('NC through'), b: group('EC through') });
});

test('takes intergreens the program shows, and yellow plus one second where it shows none', () => {
  expect(intergreenS('EC through', 'NC through')).toBe(3);
  // Pedestrians end 5 s before the yellow of the traffic beside them; the longer crossings need 12.8 m / 1.2 m/s.
  expect(intergreenS('crossing :C_c0', 'NC through')).toBe(8);
  expect(intergreenS('crossing :C_c1', 'EC through')).toBe(10.7);
  // Never apart in the program, but in a free stage.
  expect(intergreenS('EC left', 'BC through')).toBe(4);
});

test('adds maximal sets that the program never shows, each once', () => {
  const keys = site.stages.map(({ green }) => green.join(' '));
  expect(new Set(keys).size).toBe(keys.length);
  // All pedestrians at once, and both left turns of the main road with the right turns of the side street.
  expect(keys).toContain(['crossing :C_c0', 'crossing :C_c1', 'crossing :C_c2', 'crossing :C_c3'].map(group).join(' '));
  expect(
    site.stages.some(({ green }) => ['EC left', 'BC left', 'NC right', 'SC right'].every((name) => green.includes(group(name) as never))),
  ).toBe(true);
  expect(deriveSite(cross(), 'C', { detectors: [], busStops: [] }, { maxStages: 5 }).stages).toHaveLength(5);
});

test('counts the offset of the plan from local midnight as SUMO does', () => {
  const shifted = valueOf(parseNetwork(crossText.replace('programID="0" offset="0"', 'programID="0" offset="70"'), 'x'));
  expect(derive(shifted).plans[0]?.offset).toBe(4000);
});

test('recalls a group that nothing detects', () => {
  const blind = deriveSite(cross(), 'C', { detectors: [], busStops: [] });
  expect(blind.recalls.map(({ group: id }) => id)).toEqual(blind.groups.filter(({ kind }) => kind === 'vehicle').map(({ id }) => id));
  expect(site.recalls).toEqual([]);
});

test('flags a lagging left turn: the opposing left turn would end while the traffic it yields to stays green', () => {
  expect(listYellowTraps(site)).toEqual([]);
  const lagging = crossText.replace(
    /<phase duration="25" state="rrrgGGg[^>]*>/,
    (phase) => `${phase}<phase duration="3" state="rrryGGgrrryyyyrrrr"/><phase duration="9" state="rrrrGGGrrrrrrrrrrr"/>`,
  );
  expect(listYellowTraps(derive(valueOf(parseNetwork(lagging, 'x'))))).toEqual([`s1>s2: ${group('BC left')}`]);
});

test.each([
  ['a signal that is not there', 'X', crossText, 'signal X: expected a <tlLogic> with this id in the network'],
  [
    'a signal that is off',
    'C',
    crossText.replace(/state="[gGry]{18}"/g, `state="${'o'.repeat(18)}"`),
    /expected a program that shows green and red/,
  ],
])('refuses %s', (_what, id, text, message) => {
  expect(() => derive(valueOf(parseNetwork(text, 'x')), id)).toThrow(message);
});

const benchmarks =
  benchmarkFolders.length > 0
    ? test.each(benchmarkFolders.map((folder) => [basename(folder), folder]))
    : test.skip.each([['(not beside this checkout)', '']]);
const SIGNALS: Readonly<Record<string, number>> = {
  cologne1: 1,
  cologne3: 3,
  cologne8: 8,
  ingolstadt1: 1,
  ingolstadt7: 7,
  grid4x4: 16,
  arterial4x4: 16,
};

benchmarks('derives a site for every signal of %s', async (name, folder) => {
  const network = await readNetwork(join(folder, readdirSync(folder).find((file) => file.endsWith('.net.xml')) ?? ''));
  const sites = [...network.programs.keys()].map((id) => derive(network, id));
  expect(sites).toHaveLength(SIGNALS[name] ?? NaN);
  for (const one of sites) checkSite(network, one);
});
