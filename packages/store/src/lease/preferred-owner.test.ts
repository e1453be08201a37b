import { preferredOwner } from './preferred-owner.ts';

const junctions = Array.from({ length: 1000 }, (_, i) => `J${String(i)}`);

test('spreads junctions evenly over the live optimizers', () => {
  const owners = ['a', 'b', 'c', 'd'];
  const counts = owners.map((owner) => junctions.filter((junction) => preferredOwner(junction, owners) === owner).length);
  for (const count of counts) expect(count).toBeGreaterThan(200);
});

test('moves only the junctions of the optimizer that left', () => {
  const moved = junctions.filter((junction) => preferredOwner(junction, ['a', 'b', 'c']) !== preferredOwner(junction, ['a', 'c']));
  for (const junction of moved) expect(preferredOwner(junction, ['a', 'b', 'c'])).toBe('b');
  expect(moved.length).toBeGreaterThan(200);
});

test('does not depend on the order of the optimizers, and names nobody when there is none', () => {
  for (const junction of junctions.slice(0, 50))
    expect(preferredOwner(junction, ['c', 'a', 'b'])).toBe(preferredOwner(junction, ['a', 'b', 'c']));
  expect(preferredOwner('J1', [])).toBeUndefined();
});
