import type { sendUnaryData, ServerDuplexStream, ServerUnaryCall } from '@grpc/grpc-js';
import type { Lamp } from '@songxanh/core';
import { createLockstep, dial, EdgeError, keepBidi, serve, type LockstepMessage, type Log, type Served } from '@songxanh/platform';
import {
  encodeHeads,
  lamps,
  parseHeads,
  type AttachRequest,
  type AttachResponse,
  type CabinetInputMessage,
  type ControlRequest,
  type MaintainRequest,
  type MaintainResponse,
} from '@songxanh/wire';
import { command, look, maintain, openCabinet, shown, type Cabinet, type Maintenance } from './cabinet.ts';
import type { CompatibilityCard } from './monitor/card.ts';
import { FORGETFUL, type FaultMemory } from './monitor/fault-memory.ts';

export interface CabinetsOptions {
  readonly name: string;
  readonly cards: readonly CompatibilityCard[];
  readonly listen: string;
  /** Address of StreetService. */
  readonly street: string;
  /** The street is told of the cabinets only when all have an agent, or after this much wall time. */
  readonly awaitAgentsMs: number;
  /** Where latched faults outlive the process; nowhere when absent. */
  readonly faults?: FaultMemory;
  readonly log: Log;
}

export interface Cabinets {
  readonly served: Served;
  readonly cabinet: (junction: string) => Cabinet | undefined;
  readonly stop: () => Promise<void>;
}

/**
 * Wall time without a sign of life after which an agent counts as silent. It must stay below the 2 s in which its cabinet has to flash,
 * and above the 1.5 s that an agent waits for its optimizer (its signs of life go on meanwhile) so that one never causes the other.
 */
const AGENT_PATIENCE_MS = 1800;
/** How often the monitor looks between steps; five looks fit into the 500 ms in which it has to flash. */
const SAMPLE_EVERY_MS = 100;

const parseWork = (m: MaintainRequest): Maintenance | undefined => {
  switch (m.action) {
    case 'resetFault':
      return { kind: 'reset-fault' };
    case 'failHead':
      return { kind: 'fail-head', head: m.failHead ?? 0 };
    case 'mendHead':
      return { kind: 'mend-head', head: m.mendHead ?? 0 };
    case 'force': {
      const forced = [...(m.force?.heads ?? [])].flatMap((code, head): [number, Lamp][] => {
        const lamp = lamps.nameOf(code);
        return lamp === undefined ? [] : [[head, lamp]];
      });
      return { kind: 'force', lamps: new Map(forced) };
    }
    case undefined:
      return undefined;
  }
};

/** Hosts cabinets: between a street and their agents. The street gets its answer at every step, with or without an agent. */
export const openCabinets = async (options: CabinetsOptions): Promise<Cabinets> => {
  const { cards, log, name, faults = FORGETFUL } = options;
  const cabinets = new Map(cards.map((card) => [card.junction, openCabinet(card, faults.read(card.junction))]));
  const junctions = cards.map((c) => c.junction);
  let streetMs = 0;
  for (const [junction, { fault }] of cabinets) if (fault !== undefined) log.error({ junction, fault }, 'conflict monitor: still latched');

  const put = (junction: string, next: Cabinet): void => {
    const before = cabinets.get(junction)?.fault;
    cabinets.set(junction, next);
    if (next.fault !== before) {
      faults.keep(junction, next.fault);
      if (next.fault === undefined) log.info({ junction }, 'fault reset');
      else log.error({ junction, fault: next.fault, atMs: streetMs }, 'conflict monitor: flash');
    }
  };

  const agents = createLockstep<CabinetInputMessage, ControlRequest>({
    read: (r) => ({ name: r.agent, junctions: r.junctions, atMs: r.atMs, states: r.commands }),
    patienceMs: AGENT_PATIENCE_MS,
    signsOfLife: true,
    onBetween: (atMs, states) => {
      if (atMs <= streetMs) return;
      streetMs = atMs;
      for (const { junction, heads } of states) {
        const cabinet = cabinets.get(junction);
        if (cabinet !== undefined) put(junction, obey(junction, cabinet, heads));
      }
    },
    log,
  });

  const inputOf = (junction: string, actuations: CabinetInputMessage['actuations']): CabinetInputMessage => {
    const cabinet = cabinets.get(junction);
    return {
      junction,
      actuations,
      health: {
        monitorFault: cabinet?.fault !== undefined,
        monitorReason: cabinet?.fault ?? '',
        failedHeads: [...(cabinet?.failed ?? [])],
      },
    };
  };

  const obey = (junction: string, cabinet: Cabinet, bytes: Uint8Array | undefined): Cabinet => {
    const heads = bytes === undefined ? undefined : parseHeads(bytes);
    if (heads?.ok === false) log.error({ junction, reason: heads.message }, 'command refused');
    return command(cabinet, heads?.ok === true ? heads.value : undefined, streetMs);
  };

  const onStep = async (m: AttachResponse, send: (answer: AttachRequest) => void): Promise<void> => {
    streetMs = m.atMs;
    const seen = new Map(m.inputs.map((i) => [i.junction, i.actuations]));
    const inputs = new Map(junctions.map((j) => [j, inputOf(j, seen.get(j) ?? [])]));
    const commands = await agents.exchange(m.atMs, inputs, m.ended);
    if (m.ended) return;
    for (const [junction, cabinet] of cabinets) put(junction, obey(junction, cabinet, commands.get(junction)));
    const states = [...cabinets].map(([junction, cabinet]) => ({ junction, heads: encodeHeads(shown(cabinet)) }));
    send({ cabinet: name, junctions: [], atMs: m.atMs, states });
  };

  const onMaintain = (
    call: Pick<ServerUnaryCall<MaintainRequest, MaintainResponse>, 'request'>,
    done: sendUnaryData<MaintainResponse>,
  ): void => {
    const { junction } = call.request;
    const cabinet = cabinets.get(junction);
    const work = parseWork(call.request);
    if (cabinet === undefined || work === undefined) {
      const message =
        cabinet === undefined ? `no cabinet for junction "${junction}"` : 'no action: expected reset_fault, fail_head, mend_head or force';
      done(new EdgeError(cabinet === undefined ? 'not-found' : 'bad-input', message).asGrpc);
      return;
    }
    const result = maintain(cabinet, work, streetMs);
    if (result.ok) put(junction, result.value);
    log.info({ junction, work: work.kind, done: result.ok }, 'maintenance');
    done(null, { done: result.ok, message: result.ok ? '' : result.message });
  };

  const served = await serve(options.listen, {
    CabinetService: {
      Control: (call: ServerDuplexStream<ControlRequest, LockstepMessage<CabinetInputMessage>>) => {
        agents.attach(call);
      },
      Maintain: onMaintain,
    },
  });
  const sampler = setInterval(() => {
    for (const [junction, cabinet] of cabinets) if (cabinet.forced.size > 0) put(junction, look(cabinet, streetMs));
  }, SAMPLE_EVERY_MS);

  let stopped = false;
  let closeStreet = (): void => undefined;
  const attachToStreet = async (): Promise<void> => {
    const complete = await agents.untilAttached(junctions, options.awaitAgentsMs, () => !stopped);
    if (stopped) return;
    if (!complete) log.warn('joins the street without all agents');
    const client = dial('StreetService', options.street);
    const link = keepBidi<AttachResponse, AttachRequest>(client, 'Attach', {
      onOpen: (send) => {
        send({ cabinet: name, junctions, atMs: 0, states: [] });
      },
      onMessage: (m) => {
        void onStep(m, link.send);
      },
      onUp: () => {
        log.info({ street: options.street }, 'joined the street');
      },
      onDown: (reason) => {
        log.warn({ reason }, 'street lost');
      },
    });
    closeStreet = () => {
      link.close();
      client.close();
    };
  };
  void attachToStreet();

  return {
    served,
    cabinet: (junction) => cabinets.get(junction),
    stop: async () => {
      stopped = true;
      clearInterval(sampler);
      closeStreet();
      await served.stop();
    },
  };
};
