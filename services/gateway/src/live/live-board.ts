import type {
  DetectorLetters,
  LiveDecision,
  LiveDelta,
  LiveHealth,
  LiveKpis,
  LiveMessage,
  LiveSignals,
  LiveSnapshot,
  LiveState,
} from '@songxanh/wire';

/** Deltas kept for clients that come back: ten seconds at the fastest pace of frames. */
const KEPT_FRAMES = 100;
const KEPT_DECISIONS = 50;

/** What one step of the street adds to the picture. */
export interface StreetFrame {
  readonly at: number;
  readonly queues: Readonly<Record<string, number>>;
  readonly vehicles: readonly number[];
  readonly kpis: LiveKpis;
}

/** The whole live picture, and what changed in it since the last frame. */
export interface LiveBoard {
  readonly state: () => LiveState;
  readonly seq: () => number;
  readonly putSignals: (junction: string, signals: LiveSignals, detectors?: DetectorLetters) => void;
  readonly putStreet: (frame: StreetFrame) => void;
  readonly putFixedKpis: (kpis: LiveKpis) => void;
  readonly putFlows: (flows: NonNullable<LiveState['flows']>) => void;
  readonly addDecision: (decision: LiveDecision) => void;
  /** What the priority service follows; undefined once nobody tells. */
  readonly putPriority: (told: Pick<LiveState, 'transit' | 'asks'> | undefined) => void;
  readonly putHealth: (health: LiveHealth) => void;
  /** Closes the current frame; undefined when nothing has changed. */
  readonly takeDelta: () => LiveDelta | undefined;
  readonly snapshot: () => LiveSnapshot;
  /** What a client that has seen frame `since` still needs: deltas where they are all kept, else a snapshot. */
  readonly catchUp: (since: number | undefined) => readonly LiveMessage[];
}

const sameSignals = (a: LiveSignals | undefined, b: LiveSignals): boolean =>
  a !== undefined &&
  a.lamps === b.lamps &&
  a.stage === b.stage &&
  a.source === b.source &&
  a.mode === b.mode &&
  a.why === b.why &&
  a.worstWaitS === b.worstWaitS &&
  a.countdowns.every((number, i) => number === b.countdowns[i]);

/** `firstSeq` rises from one start of the gateway to the next (wall time), so that no client mistakes one's frames for the other's. */
export const startLiveBoard = (firstSeq = 0): LiveBoard => {
  const signals: Record<string, LiveSignals> = {};
  const detectors: Record<string, DetectorLetters> = {};
  let at = 0;
  let street: StreetFrame | undefined;
  let fixed: LiveKpis | undefined;
  let flows: LiveState['flows'];
  let decisions: readonly LiveDecision[] = [];
  let health: LiveHealth = { processes: [], degraded: [], refusals: {} };
  let priority: Pick<LiveState, 'transit' | 'asks'> = {};
  let seq = firstSeq;
  let kept: LiveDelta[] = [];

  let changedSignals = new Set<string>();
  let changedDetectors = new Set<string>();
  let changedStreet = false;
  let changedKpis = false;
  let changedFlows = false;
  let changedHealth = false;
  let changedPriority = false;
  let newDecisions: LiveDecision[] = [];

  const kpis = (): LiveState['kpis'] => ({
    ...(street === undefined ? {} : { adaptive: street.kpis }),
    ...(fixed === undefined ? {} : { fixed }),
  });
  const state = (): LiveState => ({
    at,
    signals,
    detectors,
    queues: street?.queues ?? {},
    ...(flows === undefined ? {} : { flows }),
    vehicles: street?.vehicles ?? [],
    kpis: kpis(),
    decisions,
    health,
    ...priority,
  });
  const snapshot = (): LiveSnapshot => ({ type: 'snapshot', seq, ...state() });
  const only = <T>(all: Readonly<Record<string, T>>, ids: ReadonlySet<string>): Record<string, T> =>
    Object.fromEntries([...ids].flatMap((id) => (all[id] === undefined ? [] : [[id, all[id]]])));

  return {
    state,
    seq: () => seq,
    putSignals: (junction, next, letters) => {
      at = Math.max(at, next.at);
      if (!sameSignals(signals[junction], next)) changedSignals.add(junction);
      signals[junction] = next;
      if (letters !== undefined && detectors[junction] !== letters) {
        detectors[junction] = letters;
        changedDetectors.add(junction);
      }
    },
    putStreet: (frame) => {
      // A new run of the street begins earlier than the last one ended.
      at = frame.at;
      street = frame;
      changedStreet = true;
      changedKpis = true;
    },
    putFixedKpis: (next) => {
      fixed = next;
      changedKpis = true;
    },
    putFlows: (next) => {
      flows = next;
      changedFlows = true;
    },
    addDecision: (decision) => {
      decisions = [...decisions, decision].slice(-KEPT_DECISIONS);
      newDecisions.push(decision);
    },
    putPriority: (told) => {
      const next = told ?? (priority.transit === undefined ? {} : { transit: [], asks: [] });
      if (JSON.stringify(next) === JSON.stringify(priority)) return;
      priority = next;
      changedPriority = true;
    },
    putHealth: (next) => {
      if (JSON.stringify(next) === JSON.stringify(health)) return;
      health = next;
      changedHealth = true;
    },
    takeDelta: () => {
      const part: Partial<LiveState> = {
        ...(changedSignals.size === 0 ? {} : { signals: only(signals, changedSignals) }),
        ...(changedDetectors.size === 0 ? {} : { detectors: only(detectors, changedDetectors) }),
        ...(changedStreet && street !== undefined ? { queues: street.queues, vehicles: street.vehicles } : {}),
        ...(changedKpis ? { kpis: kpis() } : {}),
        ...(changedFlows && flows !== undefined ? { flows } : {}),
        ...(newDecisions.length === 0 ? {} : { decisions: newDecisions }),
        ...(changedHealth ? { health } : {}),
        ...(changedPriority ? priority : {}),
      };
      if (Object.keys(part).length === 0) return undefined;
      seq += 1;
      const delta: LiveDelta = { type: 'delta', seq, ...part, at };
      kept = [...kept, delta].slice(-KEPT_FRAMES);
      changedSignals = new Set();
      changedDetectors = new Set();
      changedStreet = false;
      changedKpis = false;
      changedFlows = false;
      changedHealth = false;
      changedPriority = false;
      newDecisions = [];
      return delta;
    },
    snapshot,
    catchUp: (since) => {
      if (since === undefined || since > seq) return [snapshot()];
      const missed = kept.filter((delta) => delta.seq > since);
      return missed.length === seq - since ? missed : [snapshot()];
    },
  };
};
