import { placePins } from './place-pins.ts';

const dot = (id: string, x: number, y: number) => ({ id, x, y, width: 120, height: 24 });

describe('names on the map', () => {
  test('stand over their dots where nothing is in the way', () => {
    expect(placePins([dot('a', 0, 0), dot('b', 400, 0)])).toEqual(
      new Map([
        ['a', [0, -24]],
        ['b', [0, -24]],
      ]),
    );
  });

  test('cover no other dot and no other name while there is a free side', () => {
    const dots = [dot('a', 0, 0), dot('b', 60, -28), dot('c', 120, -56)];
    const places = placePins(dots);
    const boxes = dots.map(({ id, x, y }) => ({ x: x + places.get(id)![0], y: y + places.get(id)![1] }));
    boxes.forEach((a, i) => {
      boxes.slice(i + 1).forEach((b) => expect(Math.abs(a.x - b.x) >= 120 || Math.abs(a.y - b.y) >= 24).toBe(true));
      dots.forEach(({ x, y }) => expect(Math.abs(a.x - x) * 2 >= 134 || Math.abs(a.y - y) * 2 >= 38).toBe(true));
    });
  });

  test('where every side is taken, each still has one', () => {
    expect(placePins([dot('a', 0, 0), dot('b', 1, 0), dot('c', 0, 1), dot('d', 1, 1), dot('e', 0, 0)]).size).toBe(5);
  });
});
