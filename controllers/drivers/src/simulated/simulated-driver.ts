import { instant, junctionId, type JunctionId } from '@songxanh/core';
import { dial, keepBidi, type Log, type StreamLink } from '@songxanh/platform';
import {
  encodeHeads,
  parseActuation,
  parseCabinetHealth,
  type CabinetInputMessage,
  type ControlRequest,
  type ControlResponse,
} from '@songxanh/wire';
import type { Driver, DriverInputs } from '../driver.ts';

export interface SimulatedDriverOptions {
  readonly agent: string;
  /** Address of CabinetService. */
  readonly cabinet: string;
  readonly junctions: readonly JunctionId[];
  readonly log: Log;
}

/** The cabinet counts an agent as silent after 1.8 s: three signs of life fit in. */
const SIGN_OF_LIFE_EVERY_MS = 500;

/** Drives simulated cabinets in lockstep with their street. */
export const createSimulatedDriver = (options: SimulatedDriverOptions): Driver => {
  const { agent, junctions, log } = options;
  const client = dial('CabinetService', options.cabinet);
  let link: StreamLink<ControlRequest> | undefined;
  let alive: NodeJS.Timeout | undefined;

  const parseInput = (m: CabinetInputMessage): [JunctionId, ReturnType<DriverInputs['junctions']['get']> & object] => {
    const actuations = m.actuations.flatMap((a) => {
      const parsed = parseActuation(a);
      if (!parsed.ok) log.warn({ junction: m.junction, reason: parsed.message }, 'actuation refused');
      return parsed.ok ? [parsed.value] : [];
    });
    return [junctionId(m.junction), { actuations, health: parseCabinetHealth(m.health) }];
  };

  return {
    lockstep: true,
    start: (events) => {
      link = keepBidi<ControlResponse, ControlRequest>(client, 'Control', {
        onOpen: (send) => {
          send({ agent, junctions, atMs: 0, commands: [] });
        },
        onUp: events.onUp,
        onDown: events.onDown,
        onMessage: (m) => {
          if (m.ended) events.onEnded();
          else events.onInputs({ now: instant(m.atMs), junctions: new Map(m.inputs.map(parseInput)) });
        },
      });
      alive = setInterval(() => link?.send({ agent, junctions: [], atMs: 0, commands: [] }), SIGN_OF_LIFE_EVERY_MS);
    },
    command: (now, heads) =>
      link?.send({
        agent,
        junctions: [],
        atMs: now,
        commands: [...heads].map(([junction, lamps]) => ({ junction, heads: encodeHeads(lamps) })),
      }) ?? false,
    stop: () => {
      clearInterval(alive);
      link?.close();
      client.close();
    },
  };
};
