import type { JunctionSummary, Road } from '@songxanh/wire/live';
import { streetsOf } from './streets.ts';

const junction = (id: string, ...names: string[]): JunctionSummary => ({
  ...{ id, name: id, position: { lon: 0, lat: 0 }, groups: [], stages: [], detectors: [], plans: [] },
  roads: names.map((name): Road => ({ edge: '', arm: 'N', way: 'in', name })),
});

describe('streets that can be taken as a whole', () => {
  it('are those with several signals, the longest first', () => {
    const all = [
      junction('J1', 'Sóng Xanh', 'Sóng Xanh', 'Tre'),
      junction('J2', 'Sóng Xanh', 'Gió'),
      junction('J3', 'Sóng Xanh', 'Gió', ''),
      junction('J4', ''),
    ];
    expect(streetsOf(all)).toEqual([
      { name: 'Sóng Xanh', junctions: ['J1', 'J2', 'J3'] },
      { name: 'Gió', junctions: ['J2', 'J3'] },
    ]);
  });
});
