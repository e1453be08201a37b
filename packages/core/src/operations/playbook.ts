import type { Role } from '../access/roles.ts';
import type { StageId } from '../ids.ts';
import { accept, refuse, type Result } from '../result.ts';
import type { Phrase, Words } from './phrase.ts';

/** Decree 269/2025/NĐ-CP art. 33(4): scripts of the operations centre for daily, special and emergency cases. */
export type PlaybookClass = 'daily' | 'special' | 'emergency';

/** Measures a trigger may watch, as the room knows them now. */
export type TriggerMetric = 'queued-vehicles' | 'mean-delay-s' | 'worst-wait-s' | 'critical-alarms';

export interface Trigger {
  readonly metric: TriggerMetric;
  readonly above: number;
  /** For this long. */
  readonly forS: number;
}

export type StepAction =
  | { readonly kind: 'hold' | 'all-red' | 'flash' }
  | { readonly kind: 'plan'; readonly name: string }
  | { readonly kind: 'stage'; readonly stage: StageId };

export interface PlaybookStep {
  readonly title: Words;
  readonly actor: Role;
  /** From the start of the run. */
  readonly deadlineS: number;
  /** What the signals do when the step is done. */
  readonly signals?: { readonly junctions: readonly string[]; readonly action: StepAction; readonly durationS: number };
}

export interface Playbook {
  readonly id: string;
  readonly title: Words;
  readonly class: PlaybookClass;
  /** Agencies to inform, with their numbers. */
  readonly contacts: readonly string[];
  readonly triggers: readonly Trigger[];
  readonly steps: readonly PlaybookStep[];
  readonly end: Words;
}

export interface RunStep {
  readonly state: 'open' | 'done' | 'skipped';
  readonly by?: string;
  readonly at?: number;
  readonly note?: string;
  /** What its signals did, or would do. */
  readonly effect?: readonly Phrase[];
}

/** One going-through of a playbook; wall time, ms. A drill tells the street nothing. */
export interface PlaybookRun {
  readonly id: string;
  readonly playbook: string;
  readonly mode: 'live' | 'drill';
  readonly startedBy: string;
  readonly startedAt: number;
  readonly steps: readonly RunStep[];
  readonly endedBy?: string;
  readonly endedAt?: number;
}

export const startRun = (playbook: Playbook, id: string, mode: PlaybookRun['mode'], by: string, now: number): PlaybookRun => ({
  id,
  playbook: playbook.id,
  mode,
  startedBy: by,
  startedAt: now,
  steps: playbook.steps.map(() => ({ state: 'open' })),
});

/** Marks a step done or skipped; a skipped one needs a note. Who may, is the caller's to judge by the step's actor. */
export const settleStep = (
  run: PlaybookRun,
  index: number,
  settled: { readonly state: 'done' | 'skipped'; readonly by: string; readonly note?: string; readonly effect?: readonly Phrase[] },
  now: number,
): Result<PlaybookRun> => {
  const step = run.steps[index];
  if (run.endedAt !== undefined) return refuse('run-ended', `run ${run.id} has ended`);
  if (step === undefined) return refuse('unknown-step', `step ${String(index)}: expected 0 … ${String(run.steps.length - 1)}`);
  if (step.state !== 'open') return refuse('already-settled', `step ${String(index)} is ${step.state}`);
  if (settled.state === 'skipped' && (settled.note ?? '') === '') return refuse('no-note', 'a skipped step needs a note');
  return accept({ ...run, steps: run.steps.map((one, i) => (i === index ? { ...settled, at: now } : one)) });
};

export const endRun = (run: PlaybookRun, by: string, now: number): Result<PlaybookRun> =>
  run.endedAt === undefined ? accept({ ...run, endedBy: by, endedAt: now }) : refuse('run-ended', `run ${run.id} has ended`);

/** What happened, against what the playbook asks. */
export interface AfterAction {
  readonly steps: readonly {
    readonly title: Words;
    readonly state: RunStep['state'];
    readonly dueS: number;
    readonly tookS?: number;
    readonly late: boolean;
    readonly by?: string;
    readonly note?: string;
    readonly effect?: readonly Phrase[];
  }[];
  readonly done: number;
  readonly late: number;
  readonly missed: number;
  readonly lastedS: number;
}

/** The after-action report of a run: each step against its deadline; an open step past its deadline is late as well. */
export const afterAction = (playbook: Playbook, run: PlaybookRun, now: number): AfterAction => {
  const end = run.endedAt ?? now;
  const steps = playbook.steps.map((wanted, i) => {
    const step = run.steps[i] ?? { state: 'open' as const };
    const tookS = step.at === undefined ? undefined : Math.round((step.at - run.startedAt) / 1000);
    const late = (tookS ?? (end - run.startedAt) / 1000) > wanted.deadlineS;
    return {
      title: wanted.title,
      state: step.state,
      dueS: wanted.deadlineS,
      ...(tookS === undefined ? {} : { tookS }),
      late,
      ...(step.by === undefined ? {} : { by: step.by }),
      ...(step.note === undefined ? {} : { note: step.note }),
      ...(step.effect === undefined ? {} : { effect: step.effect }),
    };
  });
  return {
    steps,
    done: steps.filter(({ state }) => state === 'done').length,
    late: steps.filter(({ state, late }) => state === 'done' && late).length,
    missed: steps.filter(({ state, late }) => state === 'open' && late).length,
    lastedS: Math.round((end - run.startedAt) / 1000),
  };
};

/** Since when each trigger's measure has been above its threshold: `playbook/index` → wall time. */
export type TriggerWatch = Readonly<Record<string, number>>;

/** Which playbooks' triggers hold now; all measures are of the room as a whole. */
export const watchTriggers = (
  playbooks: readonly Playbook[],
  measures: Readonly<Record<TriggerMetric, number>>,
  before: TriggerWatch,
  now: number,
): { readonly watch: TriggerWatch; readonly suggested: readonly string[] } => {
  const watch: Record<string, number> = {};
  const suggested = playbooks.filter(({ id, triggers }) =>
    triggers
      .map(({ metric, above, forS }, i) => {
        if (!(measures[metric] > above)) return false;
        const key = `${id}/${String(i)}`;
        watch[key] = before[key] ?? now;
        return now - watch[key] >= forS * 1000;
      })
      .some((holds) => holds),
  );
  return { watch, suggested: suggested.map(({ id }) => id) };
};
