import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { LiveMessage } from '@songxanh/wire';
import { startLiveBoard } from './live-board.ts';
import { startRecorder } from './recorder.ts';

const MINUTE = 60_000;
const kpis = { at: 0, meanDelayPerPersonS: 0, personDelayH: 0, throughput: 0, stops: 0, running: 0, waitingToEnter: 0 };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'songxanh-recorder-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A recorder and a street that is seen every ten seconds from `from` to `to`. */
const record = async (from: number, to: number, now: () => number, keep = 100) => {
  const board = startLiveBoard();
  const recorder = startRecorder({
    ...{ folder, board, keep, now },
    onError: (error) => {
      throw error as Error;
    },
  });
  for (let at = from; at <= to; at += 10_000) {
    board.putStreet({ at, queues: { a: at }, vehicles: [], kpis });
    recorder.note(board.takeDelta()!);
  }
  await recorder.close();
  return recorder;
};

test('each minute plays by itself: a snapshot, then what has changed', async () => {
  let wall = 1;
  const recorder = await record(MINUTE, 3 * MINUTE, () => wall++);
  const segments = recorder.list();
  expect(segments.map(({ from, to }) => [from, to])).toEqual([
    [MINUTE, MINUTE + 50_000],
    [2 * MINUTE, 2 * MINUTE + 50_000],
  ]);
  const text = gunzipSync((await recorder.read(segments[1]!.file))!).toString();
  const messages = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as LiveMessage);
  expect(messages.map(({ type, at }) => [type, at])).toEqual([
    ['snapshot', 2 * MINUTE],
    ...[10, 20, 30, 40, 50].map((s) => ['delta', 2 * MINUTE + s * 1000]),
  ]);
});

test('of a minute that was recorded twice the later recording is shown, also after a restart', async () => {
  let wall = 1;
  await record(MINUTE, 2 * MINUTE - 10_000, () => wall++);
  const again = await record(MINUTE + 10_000, 2 * MINUTE, () => wall++);
  expect(again.list().map(({ from }) => from)).toEqual([MINUTE + 10_000]);
});

test('keeps no more minutes than it may, and reads no file it has not made', async () => {
  let wall = 1;
  const recorder = await record(MINUTE, 6 * MINUTE, () => wall++, 2);
  expect(recorder.list()).toHaveLength(2);
  expect(readdirSync(folder)).toHaveLength(2);
  expect(await recorder.read('../../etc/passwd')).toBeUndefined();
});
