import type { DetectorActuation, Instant } from '@songxanh/core';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import { serve, type Served } from './grpc.ts';
import { createLockstep, type HeadStates, type LockstepMessage } from './lockstep.ts';
import type { Log } from './log.ts';
import type { SignalLog } from './signal-log.ts';

/** What happened on the street up to `now`. */
export interface StreetStep {
  readonly now: Instant;
  readonly inputs: ReadonlyMap<string, readonly DetectorActuation[]>;
  readonly ended: boolean;
}

/** A simulated street, whichever engine moves it. A signal that is absent from `heads` runs the network's own program. */
export interface Street {
  readonly begin: Instant;
  readonly step: (heads: ReadonlyMap<string, Uint8Array>) => StreetStep | Promise<StreetStep>;
}

export interface StreetServerOptions {
  readonly street: Street;
  readonly listen: string;
  /** Street seconds per wall second; Infinity: as fast as it goes. */
  readonly speed: number;
  /** The first step waits (at most `expectMs` of wall time) until these junctions have a cabinet. */
  readonly expect: readonly string[];
  readonly expectMs?: number;
  /** Called after each step, e.g. to publish what the street looks like. */
  readonly onStep?: (step: StreetStep) => void;
  /** Gets what every signal shows, flashing ones whose cabinet is gone included. */
  readonly signalLog?: SignalLog | undefined;
  readonly log: Log;
}

export interface StreetServer {
  readonly served: Served;
  /** Resolves when the scenario is over or the server was stopped; rejects on a fault of the street. */
  readonly done: Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Wall time a cabinet may take for a step. More than a cabinet gives its agent (1.8 s), so that a slow agent costs no cabinet. */
const CABINET_PATIENCE_MS = 3000;
/** Lamp of the contract. */
const FLASH_YELLOW = 5;
/** Wall time a street may be behind its pace before it gives up catching up. */
const LONGEST_LAG_MS = 2000;

interface AttachRequest {
  readonly cabinet: string;
  readonly junctions: readonly string[];
  readonly atMs: number;
  readonly states: readonly HeadStates[];
}
interface StreetInput {
  readonly junction: string;
  readonly actuations: readonly { readonly detector: string; readonly atMs: number; readonly on: boolean }[];
}

const encodeInputs = (inputs: StreetStep['inputs']): ReadonlyMap<string, StreetInput> =>
  new Map(
    [...inputs].map(([junction, actuations]) => [
      junction,
      { junction, actuations: actuations.map((a) => ({ detector: a.detector, atMs: a.at, on: a.on })) },
    ]),
  );

/** Serves StreetService and moves the street, step by step, with what the cabinets show. */
export const serveStreet = async (options: StreetServerOptions): Promise<StreetServer> => {
  const { street, speed, log } = options;
  const lockstep = createLockstep<StreetInput, AttachRequest>({
    read: (r) => ({ name: r.cabinet, junctions: r.junctions, atMs: r.atMs, states: r.states }),
    patienceMs: CABINET_PATIENCE_MS,
    signsOfLife: false,
    log,
  });
  const served = await serve(options.listen, {
    StreetService: {
      Attach: (call: ServerDuplexStream<AttachRequest, LockstepMessage<StreetInput>>) => {
        lockstep.attach(call);
      },
    },
  });
  let stopped = false;
  // Number of heads a cabinet last showed: while it is gone, its signal flashes and everybody yields.
  const headCounts = new Map<string, number>();

  const headsShown = (answers: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, Uint8Array> => {
    for (const [junction, heads] of answers) headCounts.set(junction, heads.length);
    const lost = [...headCounts].filter(([junction]) => !answers.has(junction));
    return new Map([...answers, ...lost.map(([junction, count]) => [junction, new Uint8Array(count).fill(FLASH_YELLOW)] as const)]);
  };

  const run = async (): Promise<void> => {
    if (!(await lockstep.untilAttached(options.expect, options.expectMs ?? 30_000, () => !stopped)))
      log.warn({ missing: options.expect.filter((j) => !lockstep.isAttached(j)) }, 'begins without some cabinets');
    let last: StreetStep = { now: street.begin, inputs: new Map(), ended: false };
    let due = performance.now();
    while (!stopped && !last.ended) {
      const answers = await lockstep.exchange(last.now, encodeInputs(last.inputs));
      const before = last.now;
      const heads = headsShown(answers);
      options.signalLog?.write(before, heads);
      last = await street.step(heads);
      options.onStep?.(last);
      // A street that fell far behind (a stopped machine) goes on from now; it does not race to catch up.
      due = Math.max(due + (last.now - before) / speed, performance.now() - LONGEST_LAG_MS);
      const ahead = due - performance.now();
      // At full speed the event loop still gets its turn (signals, health checks).
      await new Promise<void>((resolve) => (ahead > 1 ? setTimeout(resolve, ahead) : setImmediate(resolve)));
    }
    await lockstep.exchange(last.now, encodeInputs(last.inputs), true);
    log.info({ at: last.now }, stopped ? 'stopped' : 'scenario over');
  };
  const done = run();
  return {
    served,
    done,
    stop: async () => {
      stopped = true;
      await served.stop();
      await done;
    },
  };
};
