import { join } from 'node:path';
import { loadScenario } from '@songxanh/sumo-files';
import { parseSite } from '@songxanh/wire';
import { geometryOf } from './approaches.ts';

const SCENARIO = join(__dirname, '../../../../scenarios/corridor/corridor.sumocfg');

describe('whom a signal group serves', () => {
  const open = async (junction: string) => {
    const { network, sites } = await loadScenario(SCENARIO, { parseSite });
    const site = [...sites.values()].find(({ id }) => id === junction)!;
    return geometryOf(network, site);
  };

  test('is told by arms, turns and lanes', async () => {
    const { groups } = await open('J5');
    expect(groups.get('ET')).toEqual({ arms: ['E'], turns: ['through'], lanes: ['J6_J5_1', 'J6_J5_2'] });
    expect(groups.get('NL')).toMatchObject({ arms: ['N'], turns: ['left'] });
  });

  test('pedestrians are told by the arm they cross, both halves alike', async () => {
    const { groups } = await open('J5');
    expect(['PE', 'PS', 'PWa', 'PWb', 'PN'].map((id) => groups.get(id)?.arms)).toEqual([['E'], ['S'], ['W'], ['W'], ['N']]);
    expect(groups.get('PE')?.turns).toEqual([]);
  });

  test('and so are the roads, each direction by itself', async () => {
    const { roads } = await open('J2');
    expect(roads.map(({ arm, way }) => `${arm} ${way}`).sort()).toEqual(['E in', 'E out', 'S in', 'S out', 'W in', 'W out']);
    expect(roads.find(({ arm }) => arm === 'E')?.name).toBe('Đường Sóng Xanh');
  });

  test('at a junction with three arms too', async () => {
    const { groups } = await open('J2');
    expect(new Set([...groups.values()].flatMap(({ arms }) => arms))).toEqual(new Set(['E', 'S', 'W']));
  });
});
