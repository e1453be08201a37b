import type { KnownProcess } from '@songxanh/store';
import type { LiveHealth, LiveSignals, ProcessHealth, ProcessKind } from '@songxanh/wire';

export interface HealthFacts {
  /** Wall time, ms. */
  readonly now: number;
  readonly redisUp: boolean;
  /** Undefined while Redis is away. */
  readonly known: readonly KnownProcess[] | undefined;
  readonly attachedAgents: readonly string[];
  readonly detectorsUp: boolean;
  /** Undefined where the gateway knows no cabinets. */
  readonly cabinetUp: boolean | undefined;
  readonly signals: Readonly<Record<string, LiveSignals>>;
}

const KINDS: readonly ProcessKind[] = ['redis', 'street', 'cabinet', 'agent', 'detectors', 'optimizer', 'priority', 'gateway'];

const kindOf = (kind: string): ProcessKind | undefined => KINDS.find((known) => known === kind);

const countsIn = (detail: string): Readonly<Record<string, number>> => {
  try {
    const parsed: unknown = JSON.parse(detail);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, number>) : {};
  } catch {
    return {};
  }
};

/** The processes as the gateway knows them: its own links first, then heartbeats, then what it last knew. */
const observedProcesses = (facts: HealthFacts, before: readonly ProcessHealth[]): readonly Omit<ProcessHealth, 'since'>[] => {
  const seen = new Map<string, Omit<ProcessHealth, 'since'>>();
  const put = (kind: ProcessKind, name: string, up: boolean, detail: string): void => {
    seen.set(`${kind}/${name}`, { kind, name, state: up ? 'up' : 'down', detail });
  };
  // While Redis is away nothing new is known of a process that only it tells of: the last word stays.
  for (const { kind, name, state, detail } of before) {
    if (facts.known === undefined || kind === 'agent')
      put(kind, name, kind === 'agent' ? facts.attachedAgents.includes(name) : state === 'up', detail);
  }
  for (const { kind, name, beat } of facts.known ?? []) {
    const known = kindOf(kind);
    if (known !== undefined) put(known, name, beat !== undefined, beat?.detail ?? '');
  }
  for (const agent of facts.attachedAgents) put('agent', agent, true, '');
  // A detector service that is stopped keeps its streams open and misses its beats; while Redis is away only the stream tells.
  for (const { kind, name, detail, state } of [...seen.values()])
    if (kind === 'detectors') put(kind, name, facts.detectorsUp && (facts.known === undefined || state === 'up'), detail);
  if (facts.cabinetUp !== undefined) put('cabinet', 'cabinet', facts.cabinetUp, '');
  put('redis', 'redis', facts.redisUp, '');
  put('gateway', 'gateway', true, '');
  return [...seen.values()];
};

/** What is up, what is down, and which junctions run without their optimizer; `since` is kept while a state lasts. */
export const watchHealth = (before: LiveHealth, facts: HealthFacts): LiveHealth => {
  const last = new Map(before.processes.map((process) => [`${process.kind}/${process.name}`, process]));
  const processes = observedProcesses(facts, before.processes)
    .map((process): ProcessHealth => {
      const was = last.get(`${process.kind}/${process.name}`);
      return { ...process, since: was?.state === process.state ? was.since : facts.now };
    })
    .sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || a.name.localeCompare(b.name));
  const degraded = Object.entries(facts.signals)
    .filter(([, { source }]) => source !== 'optimizer')
    .map(([junction, { source, why }]) => ({ junction, source, why }));
  const detectors = processes.filter(({ kind, state }) => kind === 'detectors' && state === 'up');
  const refusals: Record<string, number> = {};
  for (const { detail } of detectors)
    for (const [reason, n] of Object.entries(countsIn(detail))) refusals[reason] = (refusals[reason] ?? 0) + n;
  return { processes, degraded, refusals };
};
