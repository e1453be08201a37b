import type { LiveDelta, LiveKpis, LiveSnapshot, LiveState } from '@songxanh/wire/live';

/** Decisions kept in the page, per junction and newest first, are read from the API; this is only the recent feed. */
const DECISIONS_KEPT = 100;

export interface KpiSample {
  readonly at: number;
  readonly adaptive?: LiveKpis;
  readonly fixed?: LiveKpis;
}

/** One sample a minute of street time over three hours fills the sparkline. */
const HISTORY_KEPT = 240;
const HISTORY_STEP_MS = 60_000;

/** Vehicles as the message has them, or as a worker has read them. */
type Vehicles = { readonly vehicles: ArrayLike<number> };
type PageSnapshot = Omit<LiveSnapshot, 'vehicles'> & Vehicles;
type PageDelta = Omit<LiveDelta, 'vehicles'> & Partial<Vehicles>;
export type PageMessage = PageSnapshot | PageDelta;

export interface PageState extends Omit<LiveState, 'vehicles'>, Vehicles {
  readonly seq: number;
  readonly history: readonly KpiSample[];
}

const withSample = (history: readonly KpiSample[], at: number, kpis: LiveState['kpis']): readonly KpiSample[] => {
  const last = history.at(-1);
  if (last && at < last.at) return [{ at, ...kpis }];
  if (last && at - last.at < HISTORY_STEP_MS) return history;
  return [...history, { at, ...kpis }].slice(-HISTORY_KEPT);
};

/**
 * What the page knows after a message. A snapshot replaces everything; a delta's whole fields replace, its maps merge, its decisions append. The maps by
 * junction are the state's own and are changed in place: to copy thousands of junctions for each message would cost the map its frames.
 */
export const applyMessage = (state: PageState | undefined, message: PageMessage): PageState | undefined => {
  if (message.type === 'snapshot') {
    return {
      ...message,
      signals: { ...message.signals },
      detectors: { ...message.detectors },
      history: withSample(state?.history ?? [], message.at, message.kpis),
    };
  }
  if (!state) return undefined;
  const kpis = message.kpis ?? state.kpis;
  return {
    seq: message.seq,
    at: message.at,
    signals: message.signals ? Object.assign(state.signals, message.signals) : state.signals,
    detectors: message.detectors ? Object.assign(state.detectors, message.detectors) : state.detectors,
    queues: message.queues ?? state.queues,
    ...((message.flows ?? state.flows) && { flows: message.flows ?? state.flows }),
    vehicles: message.vehicles ?? state.vehicles,
    kpis,
    decisions: message.decisions ? [...state.decisions, ...message.decisions].slice(-DECISIONS_KEPT) : state.decisions,
    health: message.health ?? state.health,
    transit: message.transit ?? state.transit ?? [],
    asks: message.asks ?? state.asks ?? [],
    history: withSample(state.history, message.at, kpis),
  };
};
