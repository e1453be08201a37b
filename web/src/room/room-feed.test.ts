import type { JournalEntry, RoomMessage, RoomState } from '@songxanh/wire/room';
import { applyRoom, EMPTY_ROOM } from './room-feed.ts';

const entry = (seq: number): JournalEntry => ({ seq, at: seq, kind: 'lock-taken', by: 'lan', detail: '', outcome: 'done' });
const message = (...seqs: number[]): RoomMessage => ({
  type: 'room',
  seq: seqs.at(-1) ?? 0,
  now: 5000,
  entries: seqs.map(entry),
  state: { locks: [] } as unknown as RoomState,
});

test('appends entries in order and takes none twice after a break', () => {
  const first = applyRoom(EMPTY_ROOM, message(1, 2), 4000);
  const again = applyRoom(first, message(2, 3, 4), 4000);
  expect(again.entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  expect(again.seq).toBe(4);
});

test("counts by the gateway's clock, whatever the page's says", () => {
  expect(applyRoom(EMPTY_ROOM, message(1), 4000).skewMs).toBe(1000);
});

test('keeps the recent entries only', () => {
  const many = Array.from({ length: 700 }, (_, i) => i + 1);
  expect(applyRoom(EMPTY_ROOM, message(...many), 0).entries).toHaveLength(500);
});
