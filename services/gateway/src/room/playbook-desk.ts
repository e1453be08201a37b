import { randomUUID } from 'node:crypto';
import type { AfterAction, Person, Phrase, Playbook, PlaybookRun, TriggerMetric, TriggerWatch } from '@songxanh/core';
import { afterAction, endRun, settleStep, startRun, watchTriggers } from '@songxanh/core';
import { EdgeError } from '@songxanh/platform';
import type { Store } from '@songxanh/store';
import type { CommandDesk } from './command-desk.ts';
import type { Journal } from './journal.ts';
import type { LockDesk } from './lock-desk.ts';
import { keptIn } from './kept.ts';
import { mustBeAllowed, throwRefusal } from './refusal.ts';

/** Ended runs stay in view this long; their reports stay readable by id. */
const KEPT_RUNS = 20;

export interface PlaybookDesk {
  readonly playbooks: readonly Playbook[];
  readonly runs: () => readonly PlaybookRun[];
  readonly suggested: () => readonly string[];
  readonly start: (person: Person, playbook: string, mode: PlaybookRun['mode']) => PlaybookRun;
  readonly settle: (person: Person, run: string, step: number, state: 'done' | 'skipped', note: string | undefined) => PlaybookRun;
  readonly end: (person: Person, run: string) => PlaybookRun;
  readonly report: (run: string) => AfterAction;
  readonly watch: (measures: Readonly<Record<TriggerMetric, number>>) => void;
  readonly restore: () => Promise<void>;
}

export interface PlaybookDeps {
  readonly playbooks: readonly Playbook[];
  readonly commands: CommandDesk;
  readonly locks: LockDesk;
  readonly journal: Journal;
  readonly store: Store | undefined;
  readonly now: () => number;
}

/** Scripts of the operations centre. In a drill the signals' actions go to the junction's twin: nothing reaches the street. */
export const openPlaybookDesk = ({ playbooks, commands, locks, journal, store, now }: PlaybookDeps): PlaybookDesk => {
  const runs = new Map<string, PlaybookRun>();
  const kept = keptIn<PlaybookRun>(store, 'runs');
  let watching: TriggerWatch = {};
  let suggested: readonly string[] = [];

  const getPlaybook = (id: string): Playbook => {
    const playbook = playbooks.find((one) => one.id === id);
    if (playbook === undefined) throw new EdgeError('not-found', `no playbook ${JSON.stringify(id)}`);
    return playbook;
  };
  const getRun = (id: string): PlaybookRun => {
    const run = runs.get(id);
    if (run === undefined) throw new EdgeError('not-found', `no run ${JSON.stringify(id)}`);
    return run;
  };
  const keep = (run: PlaybookRun): PlaybookRun => {
    runs.set(run.id, run);
    kept.save(run.id, run);
    return run;
  };
  const must = (person: Person, mode: PlaybookRun['mode']): void => {
    mustBeAllowed(person, mode === 'drill' ? 'drill' : 'run-playbook');
  };
  const titleOf = (id: string): Phrase => ({ say: 'words', words: getPlaybook(id).title });
  const note = (kind: string, { name, role }: Person, run: PlaybookRun, says: readonly Phrase[]): void => {
    journal.add({
      kind,
      by: name,
      role,
      says: [titleOf(run.playbook), ...(run.mode === 'drill' ? [{ say: 'drill' } as const] : []), ...says],
    });
  };
  /** What the signals do on a step: on the street under the person's lock, or on the twin. */
  const act = (person: Person, run: PlaybookRun, { title, signals }: Playbook['steps'][number]): readonly Phrase[] => {
    if (signals === undefined) return [];
    const { junctions, action, durationS } = signals;
    if (run.mode === 'drill') {
      return junctions.map((junction) => {
        const { reached, at } = commands.preview(junction, action, durationS);
        return { say: 'reached', junction, seconds: reached === null ? null : Math.round((reached - at) / 1000) };
      });
    }
    const free = junctions.filter((junction) => locks.find(junction)?.holder !== person.name);
    if (free.length > 0) locks.take(free, { person, reason: title.en, durationMs: durationS * 1000, takeOver: false });
    const { outcome } = commands.command(person, { junctions, action, reason: title.en, durationS });
    return [{ say: 'outcome', outcome, junctions }];
  };

  return {
    playbooks,
    runs: () => [...runs.values()].sort((a, b) => b.startedAt - a.startedAt).slice(0, KEPT_RUNS),
    suggested: () => suggested,
    start: (person, id, mode) => {
      must(person, mode);
      const run = keep(startRun(getPlaybook(id), randomUUID(), mode, person.name, now()));
      note('playbook-started', person, run, []);
      return run;
    },
    settle: (person, id, index, state, text) => {
      const run = getRun(id);
      must(person, run.mode);
      const step = getPlaybook(run.playbook).steps[index];
      if (step !== undefined && run.mode === 'live' && step.actor !== person.role)
        throw new EdgeError('forbidden', `this step is for ${step.actor}, ${person.name} is ${person.role}`);
      // Judged before the signals act, so that a step that is settled already does nothing twice.
      const checked = settleStep(run, index, { state, by: person.name, ...(text === undefined ? {} : { note: text }) }, now());
      if (!checked.ok) return throwRefusal(checked);
      const effect = state === 'done' && step !== undefined ? act(person, run, step) : [];
      const written = text === undefined ? {} : { note: text };
      const settled = settleStep(run, index, { state, by: person.name, ...written, ...(effect.length === 0 ? {} : { effect }) }, now());
      if (!settled.ok) return throwRefusal(settled);
      note(`playbook-step-${state}`, person, run, [
        ...(step === undefined ? [] : [{ say: 'words', words: step.title } as const]),
        ...(text === undefined ? [] : [{ say: 'text', text } as const]),
        ...effect,
      ]);
      return keep(settled.value);
    },
    end: (person, id) => {
      const run = getRun(id);
      must(person, run.mode);
      const ended = endRun(run, person.name, now());
      if (!ended.ok) return throwRefusal(ended);
      const { done, late, missed } = afterAction(getPlaybook(run.playbook), ended.value, now());
      note('playbook-ended', person, run, [{ say: 'summary', done, late, missed }]);
      return keep(ended.value);
    },
    report: (id) => {
      const run = getRun(id);
      return afterAction(getPlaybook(run.playbook), run, now());
    },
    watch: (measures) => {
      const watched = watchTriggers(playbooks, measures, watching, now());
      watching = watched.watch;
      for (const id of watched.suggested)
        if (!suggested.includes(id)) journal.add({ kind: 'playbook-suggested', by: 'system', says: [titleOf(id)] });
      suggested = watched.suggested;
    },
    restore: async () => {
      for (const run of await kept.load()) runs.set(run.id, run);
    },
  };
};
