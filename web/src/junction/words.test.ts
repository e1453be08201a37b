import type { JunctionSummary } from '@songxanh/wire/live';
import i18next from 'i18next';
import { en } from '../i18n/en.ts';
import { vi } from '../i18n/vi.ts';
import { wordsOf } from './words.ts';

type Group = JunctionSummary['groups'][number];
const group = (id: string, arms: Group['arms'], turns: Group['turns'], kind = 'vehicle'): Group => ({
  ...{ id, kind, name: id, arms, turns, lanes: [`${id}_1`], countdown: { green: 'none', red: 'none' } },
});
const junction: JunctionSummary = {
  ...{ id: 'J', name: 'J', position: { lon: 0, lat: 0 }, detectors: [], plans: [] },
  groups: [
    group('NT', ['N'], ['through', 'right']),
    group('NL', ['N'], ['u-turn', 'left']),
    group('ST', ['S'], ['right', 'through']),
    group('ET', ['E'], ['through']),
    group('PEa', ['E'], [], 'pedestrian'),
    group('PEb', ['E'], [], 'pedestrian'),
    group('X', [], []),
  ],
  stages: [
    { id: 'main', name: 'main', green: ['NT', 'ST', 'PEa'] },
    { id: 'onlyN', name: 'onlyN', green: ['NL', 'NT'] },
    { id: 'lefts', name: 'lefts', green: ['NL', 'ET'] },
    { id: 'walk', name: 'walk', green: ['PEa', 'PEb'] },
    { id: 'again', name: 'again', green: ['NT', 'ST'] },
    { id: 'named', name: 'School gate', green: ['ET'] },
    { id: 'dark', name: 'dark', green: [] },
  ],
};
const words = (lng: 'en' | 'vi') => {
  const i18n = i18next.createInstance();
  void i18n.init({ lng, initAsync: false, resources: { en: { translation: en }, vi: { translation: vi } } });
  return wordsOf(junction, i18n.t);
};

describe('a stage in the words of the street', () => {
  test.each([
    ['main', 'North & south: straight, right (1)', 'Bắc & Nam: đi thẳng, rẽ phải (1)'],
    ['onlyN', 'North: all turns', 'Bắc: mọi hướng'],
    ['lefts', 'North: left; east: straight', 'Bắc: rẽ trái; Đông: đi thẳng'],
    ['walk', 'Crossing of the east arm', 'Lối đi bộ qua nhánh Đông'],
    ['again', 'North & south: straight, right (2)', 'Bắc & Nam: đi thẳng, rẽ phải (2)'],
    ['named', 'School gate', 'School gate'],
    ['dark', 'dark', 'dark'],
    ['unknown', 'unknown', 'unknown'],
  ])('%s', (id, english, vietnamese) => {
    expect([words('en').stage(id), words('vi').stage(id)]).toEqual([english, vietnamese]);
  });

  test('is short where there is little room', () => {
    expect(['main', 'onlyN', 'lefts', 'walk'].map(words('en').stageSign)).toEqual(['N S ↑↱', 'N ↰↑↱', 'N ↰ · E ↑', 'E ↔']);
    expect(words('vi').stageSign('main')).toBe('B N ↑↱');
  });

  test('groups and lanes too; what geometry does not tell keeps its name', () => {
    const { group: wordsFor, lane } = words('en');
    expect(['NL', 'PEa', 'PEb', 'X'].map(wordsFor)).toEqual([
      'North: left',
      'Crossing of the east arm (1)',
      'Crossing of the east arm (2)',
      'X',
    ]);
    expect([lane('NT_1'), lane('elsewhere')]).toEqual(['North', 'elsewhere']);
  });
});
