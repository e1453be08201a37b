import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { Log } from './log.ts';

/** A street or a cabinet's side of a lockstep: it says what happened up to `atMs`, its clients answer with heads per junction. */
export interface LockstepMessage<Input> {
  readonly atMs: number;
  readonly inputs: readonly Input[];
  readonly ended: boolean;
}

export interface HeadStates {
  readonly junction: string;
  readonly heads: Uint8Array;
}

/** A client's message in common terms, whatever its contract calls the fields. `atMs` 0 is a sign of life between answers. */
export interface LockstepAnswer {
  readonly name: string;
  /** In the first message: the junctions the client answers for. */
  readonly junctions: readonly string[];
  readonly atMs: number;
  readonly states: readonly HeadStates[];
}

export interface LockstepOptions<Request> {
  readonly read: (request: Request) => LockstepAnswer;
  /** Wall time after which a client counts as gone for a step it has not answered. */
  readonly patienceMs: number;
  /** Count the patience from the last sign of life (the clients send them by themselves), else from the sending of the step. */
  readonly signsOfLife: boolean;
  /** States that a client sends by itself after it has answered a step and before the next one; they are lost where absent. */
  readonly onBetween?: (atMs: number, states: readonly HeadStates[]) => void;
  readonly log: Log;
}

export interface Lockstep<Input, Request> {
  /** Handler of a client's stream. The newest client of a junction is the one that counts. */
  readonly attach: (call: ServerDuplexStream<Request, LockstepMessage<Input>>) => void;
  /**
   * Sends a step and waits until each attached client has answered it, has left, or has used up the patience (then its stream is
   * cut: it may attach again). Junctions without an answer are absent from the result.
   */
  readonly exchange: (atMs: number, inputs: ReadonlyMap<string, Input>, ended?: boolean) => Promise<ReadonlyMap<string, Uint8Array>>;
  /** True as soon as every one of `junctions` has a client; false when that took longer than `withinMs` of wall time, or is no longer wanted. */
  readonly untilAttached: (junctions: readonly string[], withinMs: number, isWanted: () => boolean) => Promise<boolean>;
  readonly isAttached: (junction: string) => boolean;
}

interface Client<Input, Request> {
  readonly call: ServerDuplexStream<Request, LockstepMessage<Input>>;
  name: string;
  junctions: readonly string[];
  heardAt: number;
  sentAt: number;
  answered: boolean;
}

/** How often a waiting exchange looks at its clients' patience. */
const LOOK_EVERY_MS = 50;

export const createLockstep = <Input, Request>(options: LockstepOptions<Request>): Lockstep<Input, Request> => {
  type Member = Client<Input, Request>;
  const clients = new Map<string, Member>();
  let changed: () => void = () => undefined;
  let step: { readonly atMs: number; readonly inputs: ReadonlyMap<string, Input>; readonly answers: Map<string, Uint8Array> } | undefined;

  const members = (): readonly Member[] => [...new Set(clients.values())];
  const speaksFor = (client: Member): readonly string[] => client.junctions.filter((j) => clients.get(j) === client);

  const leave = (client: Member, why: string): void => {
    const junctions = speaksFor(client);
    if (junctions.length === 0) return;
    for (const junction of junctions) clients.delete(junction);
    options.log.warn({ client: client.name, junctions, why }, 'client lost');
    client.call.end();
    changed();
  };

  const send = (client: Member, ended: boolean): void => {
    if (step === undefined) return;
    const { atMs, inputs } = step;
    client.sentAt = performance.now();
    client.answered = false;
    const own = speaksFor(client).flatMap((j) => {
      const input = inputs.get(j);
      return input === undefined ? [] : [input];
    });
    client.call.write({ atMs, inputs: own, ended });
  };

  const introduce = (client: Member, answer: LockstepAnswer): void => {
    client.name = answer.name;
    client.junctions = answer.junctions;
    const before = new Set(answer.junctions.map((j) => clients.get(j)));
    for (const junction of answer.junctions) clients.set(junction, client);
    // A predecessor that still speaks for other junctions stays; one that has none left is cut.
    for (const old of before) if (old !== undefined && old !== client && speaksFor(old).length === 0) old.call.end();
    options.log.info({ client: client.name, junctions: client.junctions.length }, 'client attached');
    // A newcomer joins the step that is waiting.
    if (step === undefined) client.answered = true;
    else send(client, false);
    changed();
  };

  return {
    attach: (call) => {
      const client: Member = { call, name: '', junctions: [], heardAt: performance.now(), sentAt: performance.now(), answered: true };
      call.on('data', (request: Request) => {
        client.heardAt = performance.now();
        const answer = options.read(request);
        if (client.junctions.length === 0 && answer.junctions.length > 0) {
          introduce(client, answer);
          return;
        }
        const own = new Set(speaksFor(client));
        const states = answer.states.filter(({ junction }) => own.has(junction));
        if (step === undefined && states.length > 0) options.onBetween?.(answer.atMs, states);
        if (step === undefined || answer.atMs !== step.atMs) return;
        for (const { junction, heads } of states) step.answers.set(junction, heads);
        client.answered = true;
        changed();
      });
      const gone = (why: string) => () => {
        leave(client, why);
      };
      call.on('end', gone('ended'));
      call.on('cancelled', gone('cancelled'));
      call.on('error', gone('broken'));
    },

    exchange: async (atMs, inputs, ended = false) => {
      const answers = new Map<string, Uint8Array>();
      step = { atMs, inputs, answers };
      for (const client of members()) send(client, ended);
      if (!ended) {
        await new Promise<void>((resolve) => {
          const look = (): void => {
            const now = performance.now();
            for (const client of members()) {
              if (client.answered) continue;
              const since = options.signsOfLife ? client.heardAt : Math.max(client.heardAt, client.sentAt);
              if (now - since > options.patienceMs) leave(client, 'silent');
            }
            if (!members().every((c) => c.answered)) return;
            clearInterval(timer);
            changed = () => undefined;
            resolve();
          };
          const timer = setInterval(look, LOOK_EVERY_MS);
          changed = look;
          look();
        });
      }
      step = undefined;
      // Only those that are still attached count: an answer of a client that has left is an answer of nobody.
      return new Map([...answers].filter(([junction]) => clients.has(junction)));
    },

    untilAttached: async (junctions, withinMs, isWanted) => {
      const end = performance.now() + withinMs;
      while (!junctions.every((j) => clients.has(j))) {
        if (performance.now() >= end || !isWanted()) return false;
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      }
      return true;
    },

    isAttached: (junction) => clients.has(junction),
  };
};
