import { flashHeads, parseCard, type CompatibilityCard } from './card.ts';

const card: CompatibilityCard = {
  junction: 'X',
  headCount: 3,
  channels: [{ name: 'main', heads: [0, 1], minClearanceMs: 3000, flash: 'flash-yellow' }],
  conflicts: [],
};
const refusal = (change: object): string => {
  const parsed = parseCard(JSON.stringify({ ...card, ...change }), 'x.card.json');
  return parsed.ok ? 'accepted' : parsed.message;
};

describe('a compatibility card', () => {
  it('is the same after writing and reading', () => {
    expect(parseCard(JSON.stringify(card), 'x')).toEqual({ ok: true, value: card });
  });

  it('lets a head of no channel flash red', () => {
    expect(flashHeads(card)).toEqual(['flash-yellow', 'flash-yellow', 'flash-red']);
  });

  it.each([
    [{ junction: 7 }, 'x.card.json: junction: expected the id of a junction'],
    [{ headCount: -1 }, 'x.card.json: headCount: expected a whole number up to 255'],
    [{ channels: [{ ...card.channels[0], heads: [3] }] }, 'x.card.json: channels[0].heads: expected heads below headCount'],
    [{ channels: [{ ...card.channels[0], minClearanceMs: -1 }] }, 'x.card.json: channels[0].minClearanceMs: expected whole milliseconds'],
    [{ channels: [{ ...card.channels[0], flash: 'off' }] }, 'x.card.json: channels[0].flash: expected flash-yellow or flash-red'],
    [{ conflicts: [[0, 1]] }, 'x.card.json: conflicts[0]: expected two positions of channels'],
  ])('is refused with file and element: %j', (change, message) => {
    expect(refusal(change)).toBe(message);
  });

  it('is refused when it is no JSON', () => {
    expect(parseCard('{', 'x.card.json')).toMatchObject({ ok: false, reason: 'malformed-card' });
  });
});
