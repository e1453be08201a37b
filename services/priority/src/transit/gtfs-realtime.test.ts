import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import bindings from 'gtfs-realtime-bindings';
import { after, instant, seconds } from '@songxanh/core';
import { openFeedWatch } from './feed-watch.ts';
import { readFeed } from './gtfs-realtime.ts';

const { FeedMessage } = bindings.transit_realtime;
const MADE = instant(Date.UTC(2026, 0, 5, 0, 5));
const POSIX = MADE / 1000;

const feed = (entity: object[], header: object = { timestamp: POSIX }): Uint8Array =>
  FeedMessage.encode(FeedMessage.fromObject({ header: { gtfsRealtimeVersion: '2.0', ...header }, entity })).finish();

test('a feed encoded in Python by the official bindings gives its positions, loads and delays', () => {
  const read = readFeed(readFileSync(join(__dirname, '../testing/two-buses.gtfs-realtime.pb')));
  expect(read).toMatchObject({
    ok: true,
    value: {
      madeAt: MADE,
      positions: [{ vehicle: '29B-001', line: '32', trip: 'bus32_in_6', at: MADE - 8000, persons: 42 }],
      // The first stop lies in the past, the second tells of what comes; 150 s.
      delays: [{ trip: 'bus32_out_3', vehicle: '29B-002', delay: 150_000, at: MADE - 5000 }],
      skipped: 1,
    },
  });
  if (read.ok) expect(read.value.positions[0]?.lon).toBeCloseTo(105.7841, 4);
});

test('a vehicle is named by its label or trip where it has no id, and seen when the feed was made where it does not say', () => {
  const position = { latitude: 21, longitude: 105 };
  const read = readFeed(
    feed([
      { id: '1', vehicle: { vehicle: { label: 'L' }, position } },
      { id: '2', vehicle: { trip: { tripId: 'T' }, position } },
      { id: '3', vehicle: { position } },
      { id: '4', isDeleted: true, vehicle: { vehicle: { id: 'gone' }, position } },
    ]),
  );
  expect(read.ok && read.value.positions.map(({ vehicle, at, persons }) => [vehicle, at, persons])).toEqual([
    ['L', MADE, undefined],
    ['T', MADE, undefined],
  ]);
  expect(read.ok && read.value.skipped).toBe(1);
});

test('what is no feed is refused, and so is one that only tells differences', () => {
  expect(readFeed(new Uint8Array([1, 2, 3]))).toMatchObject({ ok: false, reason: 'malformed-feed' });
  expect(readFeed(new Uint8Array())).toMatchObject({ ok: false, reason: 'malformed-feed' });
  expect(readFeed(feed([], { timestamp: POSIX, incrementality: 1 }))).toMatchObject({ ok: false, reason: 'unsupported-feed' });
});

test('a feed that repeats itself, has stopped or comes from tomorrow is refused', () => {
  const watch = openFeedWatch();
  const now = after(MADE, seconds(20));
  expect(watch.take(feed([]), now).ok).toBe(true);
  expect(watch.take(feed([]), now)).toMatchObject({ ok: false, reason: 'feed-repeats' });
  expect(watch.take(feed([], { timestamp: POSIX + 10 }), now).ok).toBe(true);
  expect(watch.take(feed([], { timestamp: POSIX + 60 }), now)).toMatchObject({ ok: false, reason: 'time-in-future' });
  expect(openFeedWatch().take(feed([]), after(MADE, seconds(121)))).toMatchObject({ ok: false, reason: 'feed-stopped' });
});
