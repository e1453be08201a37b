import { accept, refuse, type Lamp, type Result } from '@songxanh/core';
import { flashHeads, type CompatibilityCard } from './monitor/card.ts';
import { sample, startMonitor, type MonitorState } from './monitor/monitor.ts';
import { outputsOf, type Outputs } from './monitor/outputs.ts';

/** One cabinet as data: what its controller commands, what is broken, and what the monitor has latched. */
export interface Cabinet {
  readonly card: CompatibilityCard;
  /** Undefined: nobody commands, the flasher runs. */
  readonly commanded: readonly Lamp[] | undefined;
  /** Heads without power. */
  readonly failed: ReadonlySet<number>;
  /** Short circuits: lit besides what is commanded; undefined where none. */
  readonly forced: ReadonlyMap<number, Lamp>;
  readonly monitor: MonitorState;
  /** Latched until a person resets it. */
  readonly fault: string | undefined;
}

/** `fault`: what the monitor latched before it lost its power. */
export const openCabinet = (card: CompatibilityCard, fault?: string): Cabinet => ({
  card,
  commanded: undefined,
  failed: new Set(),
  forced: new Map(),
  monitor: startMonitor(card),
  fault,
});

const RIGHT_OF_WAY: readonly Lamp[] = ['green', 'permissive', 'clearance'];

/** Night and start-up flash: some heads flash and none has right of way. The flasher drives them, so the monitor has nothing to compare. */
const isFlash = (heads: readonly Lamp[]): boolean =>
  heads.some((l) => l === 'flash-yellow' || l === 'flash-red') && !heads.some((l) => RIGHT_OF_WAY.includes(l));

const outputs = (cabinet: Cabinet, commanded: readonly Lamp[]): Outputs =>
  Uint8Array.from(commanded, (lamp, head) => {
    const forced = cabinet.forced.get(head);
    const lit = outputsOf(lamp) | (forced === undefined ? 0 : outputsOf(forced));
    return cabinet.failed.has(head) ? 0 : lit;
  });

/**
 * Lets the monitor look at the outputs as they are at `atMs`. A fault is latched before the lamps are shown to anybody.
 */
export const look = (cabinet: Cabinet, atMs: number): Cabinet => {
  const { commanded, card } = cabinet;
  if (cabinet.fault !== undefined || commanded === undefined) return cabinet;
  if (isFlash(commanded)) return { ...cabinet, monitor: startMonitor(card) };
  const result = sample(card, cabinet.monitor, outputs(cabinet, commanded), Uint8Array.from(commanded, outputsOf), atMs);
  return { ...cabinet, monitor: result.state, fault: result.fault };
};

/** The controller's command for `atMs`; undefined when it is silent. A command of the wrong size is no command. */
export const command = (cabinet: Cabinet, heads: readonly Lamp[] | undefined, atMs: number): Cabinet => {
  const valid = heads?.length === cabinet.card.headCount ? heads : undefined;
  return look(
    valid === undefined ? { ...cabinet, commanded: undefined, monitor: startMonitor(cabinet.card) } : { ...cabinet, commanded: valid },
    atMs,
  );
};

/** What the street sees. In flash the heads hang on the flasher, not on the controller's outputs, so short circuits are out of the circuit. */
export const shown = (cabinet: Cabinet): readonly Lamp[] => {
  const { commanded, fault, card, failed } = cabinet;
  const heads = fault !== undefined || commanded === undefined ? flashHeads(card) : commanded;
  return failed.size === 0 ? heads : heads.map((lamp, i) => (failed.has(i) ? 'dark' : lamp));
};

export type Maintenance =
  | { readonly kind: 'reset-fault' }
  | { readonly kind: 'fail-head'; readonly head: number }
  | { readonly kind: 'mend-head'; readonly head: number }
  /** Short circuits by head; an empty map ends them. */
  | { readonly kind: 'force'; readonly lamps: ReadonlyMap<number, Lamp> };

const without = (set: ReadonlySet<number>, head: number): ReadonlySet<number> => new Set([...set].filter((h) => h !== head));

/** Work at the cabinet at `atMs`; refused with what was expected when it names a head that is not there. */
export const maintain = (cabinet: Cabinet, work: Maintenance, atMs: number): Result<Cabinet> => {
  const { headCount, junction } = cabinet.card;
  const noHead = (head: number): Result<Cabinet> =>
    refuse('unknown-head', `${junction} has no head ${String(head)}: expected 0 to ${String(headCount - 1)}`);
  switch (work.kind) {
    case 'reset-fault':
      // What the controller commanded before the fault is not taken up again: it starts anew, from its own start-up.
      return accept({ ...cabinet, fault: undefined, commanded: undefined, monitor: startMonitor(cabinet.card) });
    case 'fail-head':
      return work.head < headCount ? accept(look({ ...cabinet, failed: new Set(cabinet.failed).add(work.head) }, atMs)) : noHead(work.head);
    case 'mend-head':
      return work.head < headCount ? accept({ ...cabinet, failed: without(cabinet.failed, work.head) }) : noHead(work.head);
    case 'force': {
      const unknown = [...work.lamps.keys()].find((h) => h >= headCount);
      return unknown === undefined ? accept({ ...cabinet, forced: work.lamps }) : noHead(unknown);
    }
  }
};
