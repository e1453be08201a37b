import type { LiveDecision, LiveKpis, LiveSignals } from '@songxanh/wire';
import { startBroadcast, type LiveSocket } from './broadcast.ts';
import { startLiveBoard } from './live-board.ts';

const signals = (at: number, lamps: string): LiveSignals => ({
  at,
  mode: 'running',
  source: 'optimizer',
  why: 'plan-in-force',
  stage: 'A',
  lamps,
  countdowns: [null],
  worstWaitS: 0,
});
const kpis: LiveKpis = { at: 1000, meanDelayPerPersonS: 12, personDelayH: 1, throughput: 3, stops: 4, running: 5, waitingToEnter: 0 };
const decision = (at: number): LiveDecision => ({
  junction: 'J1',
  at,
  method: 'adaptive',
  reason: 'extend',
  chosen: { steps: [], cost: 1 },
  alternatives: [],
  seen: [],
});

describe('the live picture', () => {
  it('puts only changed junctions into a frame', () => {
    const board = startLiveBoard();
    board.putSignals('J1', signals(1000, 'r'));
    board.putSignals('J2', signals(1000, 'G'), '01');
    expect(Object.keys(board.takeDelta()?.signals ?? {})).toEqual(['J1', 'J2']);
    board.putSignals('J1', signals(2000, 'r'));
    board.putSignals('J2', signals(2000, 'y'), '01');
    const delta = board.takeDelta();
    expect(delta).toMatchObject({ seq: 2, at: 2000 });
    expect(Object.keys(delta?.signals ?? {})).toEqual(['J2']);
    expect(delta).not.toHaveProperty('detectors');
  });

  it('makes no frame when nothing has changed', () => {
    const board = startLiveBoard();
    board.putSignals('J1', signals(1000, 'r'));
    board.takeDelta();
    board.putSignals('J1', signals(2000, 'r'));
    expect(board.takeDelta()).toBeUndefined();
    expect(board.seq()).toBe(1);
  });

  it('keeps the last 50 decisions and sends each of them once', () => {
    const board = startLiveBoard();
    for (let i = 0; i < 60; i += 1) board.addDecision(decision(i));
    expect(board.takeDelta()?.decisions).toHaveLength(60);
    expect(board.snapshot().decisions.map(({ at }) => at)).toEqual(Array.from({ length: 50 }, (_, i) => i + 10));
    expect(board.takeDelta()).toBeUndefined();
  });

  it('gives a client that comes back the frames it missed, and a snapshot where they are gone or it is from another run', () => {
    const board = startLiveBoard();
    for (let i = 1; i <= 150; i += 1) {
      board.putStreet({ at: i * 1000, queues: {}, vehicles: [], kpis });
      board.takeDelta();
    }
    expect(board.catchUp(148).map(({ type, seq }) => [type, seq])).toEqual([
      ['delta', 149],
      ['delta', 150],
    ]);
    expect(board.catchUp(150)).toEqual([]);
    expect(board.catchUp(20).map(({ type }) => type)).toEqual(['snapshot']);
    expect(board.catchUp(999).map(({ type }) => type)).toEqual(['snapshot']);
    expect(board.catchUp(undefined).map(({ type }) => type)).toEqual(['snapshot']);
  });

  it('passes on whom the priority service follows, and takes them away when nobody tells of them any more', () => {
    const board = startLiveBoard();
    expect(board.state()).not.toHaveProperty('transit');
    board.putPriority(undefined);
    expect(board.takeDelta()).toBeUndefined();
    const bus = { vehicle: 'bus-1', line: '32', lon: 1, lat: 2, latenessS: 65, headwayRatio: null, persons: 25, seenAt: 1000 };
    board.putPriority({ transit: [bus], asks: [] });
    expect(board.takeDelta()).toMatchObject({ transit: [bus], asks: [] });
    board.putPriority({ transit: [bus], asks: [] });
    expect(board.takeDelta()).toBeUndefined();
    board.putPriority(undefined);
    expect(board.takeDelta()).toMatchObject({ transit: [], asks: [] });
  });

  it('follows a street that begins again', () => {
    const board = startLiveBoard();
    board.putStreet({ at: 9000, queues: {}, vehicles: [], kpis });
    board.putStreet({ at: 1000, queues: {}, vehicles: [], kpis });
    expect(board.state().at).toBe(1000);
  });
});

class FakeSocket {
  readonly readyState = 1;
  bufferedAmount = 0;
  readonly types: string[] = [];
  readonly closers: (() => void)[] = [];
  send = (text: string): void => {
    this.types.push((JSON.parse(text) as { type: string }).type);
  };
  on = (event: string, listener: () => void): void => {
    if (event === 'close') this.closers.push(listener);
  };
}

describe('the broadcast', () => {
  it('skips a client that does not read, and gives it a snapshot when it reads again; others get every frame', () => {
    const board = startLiveBoard();
    const broadcast = startBroadcast(board);
    const slow = new FakeSocket();
    const quick = new FakeSocket();
    broadcast.join(slow as unknown as LiveSocket, undefined);
    broadcast.join(quick as unknown as LiveSocket, undefined);
    const step = (at: number): void => {
      board.putSignals('J1', signals(at, at % 2000 === 0 ? 'r' : 'G'));
      broadcast.send(board.takeDelta()!);
    };
    step(1000);
    slow.bufferedAmount = 5 * 1024 * 1024;
    step(2000);
    step(3000);
    slow.bufferedAmount = 0;
    step(4000);
    step(5000);
    expect(slow.types).toEqual(['snapshot', 'delta', 'snapshot', 'delta']);
    expect(quick.types).toEqual(['snapshot', 'delta', 'delta', 'delta', 'delta', 'delta']);
    expect(broadcast.skipped()).toBe(2);
  });

  it('forgets a client that has left', () => {
    const broadcast = startBroadcast(startLiveBoard());
    const socket = new FakeSocket();
    broadcast.join(socket as unknown as LiveSocket, undefined);
    for (const close of socket.closers) close();
    expect(broadcast.clients()).toBe(0);
  });
});
