import { randomUUID } from 'node:crypto';
import type { Instant, JunctionId, Override, Person, Phrase, Site } from '@songxanh/core';
import { after, instant, previewOverride, seconds, stageId } from '@songxanh/core';
import { EdgeError } from '@songxanh/platform';
import type {
  CommandAction,
  CommandAnswer,
  CommandWish,
  JunctionObservation,
  OverrideView,
  PreviewView,
  Proposal,
  SignalState,
  TrafficPreview,
} from '@songxanh/wire';
import type { Forecaster } from '../forecast/forecaster.ts';
import type { OverrideDesk } from '../override/override-desk.ts';
import { toAction } from '../override/to-action.ts';
import type { Journal } from './journal.ts';
import type { LockDesk } from './lock-desk.ts';
import { orderOf } from './order-of.ts';
import { mustBeAllowed, refusedPhrase } from './refusal.ts';

/** A second person has this long to confirm, wall time. */
const CONFIRM_WITHIN_MS = 120_000;
/** Counts older than this against the signals say nothing of the present. */
const STALE_MS = 10_000;
/** A queue that an order leaves takes about this long to go. */
const AFTERMATH_S = 120;
/** Beyond this a mean flow foretells nothing. */
const FORESEEN_S = 600;

export interface CommandDesk {
  readonly command: (person: Person, wish: CommandWish) => CommandAnswer;
  readonly confirm: (person: Person, id: string) => CommandAnswer;
  readonly reject: (person: Person, id: string) => void;
  readonly proposals: () => readonly Proposal[];
  readonly preview: (junction: string, action: CommandAction, durationS: number) => PreviewView;
  /** What the order does to the queues, by the traffic seen in the last minutes. */
  readonly foresee: (junction: string, action: CommandAction, durationS: number) => Promise<TrafficPreview>;
  /** Releases the advances that have arrived, and proposals nobody confirmed. */
  readonly tick: () => void;
}

/** The recent past of a junction, oldest first, and the method by which its optimizer plans. */
export interface Recalled {
  readonly past: readonly JunctionObservation[];
  readonly method: string | undefined;
}

export interface CommandDeps {
  readonly getSite: (junction: string) => Site;
  readonly findState: (junction: string) => SignalState | undefined;
  /** What the junction's detectors saw lately; nothing is known without. */
  readonly recall: (junction: JunctionId) => Promise<Recalled>;
  readonly forecaster: Forecaster;
  /** Edges and lanes that works close now. */
  readonly closed: () => readonly string[];
  readonly desk: OverrideDesk;
  readonly locks: LockDesk;
  readonly journal: Journal;
  /** Kinds of action that a second person must confirm. */
  readonly twoPerson: readonly string[];
  readonly now: () => number;
}

/** The stage that would come next: the plan's, or the sequence's. */
const nextStage = (site: Site, state: SignalState): string => {
  const planned = state.plan.steps.find(
    ({ stage, start }) => start > state.at && stage !== state.stage && site.stages.some(({ id }) => id === stage),
  );
  if (planned !== undefined) return planned.stage;
  const at = site.stageSequence.findIndex((stage) => stage === state.stage);
  const next = site.stageSequence[(at + 1) % site.stageSequence.length];
  if (next === undefined) throw new EdgeError('refused', `${site.id} has no stage to advance to`);
  return next;
};

export const openCommandDesk = (deps: CommandDeps): CommandDesk => {
  const { getSite, findState, desk, locks, journal, twoPerson, now } = deps;
  const proposals = new Map<string, Proposal>();
  /** Advances on their way: override → the stage that ends it. */
  const advancing = new Map<string, { readonly junction: string; readonly stage: string }>();

  const getState = (junction: string): SignalState => {
    const state = findState(junction);
    if (state === undefined) throw new EdgeError('conflict', `junction ${junction} has not reported yet, so its street time is unknown`);
    return state;
  };
  const resolve = (junction: string, action: Exclude<CommandAction, { kind: 'release' }>): Override['action'] => {
    const site = getSite(junction);
    return action.kind === 'advance' ? { kind: 'stage', stage: stageId(nextStage(site, getState(junction))) } : toAction(site, action);
  };
  const ownOn = (junction: string): readonly OverrideView[] => desk.list(junction).filter(({ source }) => source === 'operator');

  const give = (person: Person, { junctions, action, reason, durationS }: CommandWish): readonly OverrideView[] => {
    if (action.kind === 'release') {
      for (const junction of junctions) for (const { id } of ownOn(junction)) desk.release(id);
      return [];
    }
    // All are resolved before any is given: a group is commanded whole or not at all.
    const resolved = junctions.map((junction) => ({
      junction: getSite(junction).id,
      action: resolve(junction, action),
      at: getState(junction).at,
    }));
    return resolved.map((one) => {
      const before = ownOn(one.junction);
      const expires = after(one.at, seconds(durationS));
      const given = desk.give(one.junction, { action: one.action, source: 'operator', reason, by: person.name, expires });
      // An advance while something is held moves on and holds there; otherwise control goes back on arrival.
      if (action.kind === 'advance' && before.length === 0 && one.action.kind === 'stage')
        advancing.set(given.id, { junction: one.junction, stage: one.action.stage });
      for (const { id } of before) desk.release(id);
      return given;
    });
  };
  const wished = (junction: string, action: CommandAction, at: Instant, durationS: number): Override | undefined =>
    action.kind === 'release'
      ? undefined
      : {
          ...{ id: 'preview', source: 'operator', reason: '', by: '' },
          ...{ action: resolve(junction, action), expires: after(at, seconds(durationS)) },
        };
  const note = (kind: string, person: Person, wish: CommandWish, more: readonly Phrase[] = [], outcome?: 'refused'): void => {
    journal.add({
      kind,
      by: person.name,
      role: person.role,
      ...(wish.junctions.length === 1 ? { junction: wish.junctions[0]! } : { junctions: wish.junctions }),
      says: [orderOf(wish.action), { say: 'for', seconds: wish.durationS }, ...more],
      reason: wish.reason,
      ...(outcome === undefined ? {} : { outcome }),
    });
  };
  /** What is refused is in the journal as well. */
  const noting = <T>(kind: string, person: Person, wish: CommandWish, act: () => T): T => {
    try {
      return act();
    } catch (error) {
      if (error instanceof EdgeError) note(kind, person, wish, [refusedPhrase(error)], 'refused');
      throw error;
    }
  };
  const getProposal = (id: string): Proposal => {
    const proposal = proposals.get(id);
    if (proposal === undefined || proposal.expires <= now())
      throw new EdgeError('not-found', 'nobody waits for this confirmation any more');
    return proposal;
  };

  return {
    command: (person, wish) =>
      noting('command-refused', person, wish, () => {
        locks.mustHold(wish.junctions, person);
        if (twoPerson.includes(wish.action.kind)) {
          for (const junction of wish.junctions) if (wish.action.kind !== 'release') resolve(junction, wish.action);
          const proposal = { ...wish, id: randomUUID(), by: person.name, expires: now() + CONFIRM_WITHIN_MS };
          proposals.set(proposal.id, proposal);
          note('command-proposed', person, wish);
          return { outcome: 'waiting', overrides: [], proposal };
        }
        const overrides = give(person, wish);
        note('command-given', person, wish);
        return { outcome: 'given', overrides };
      }),
    confirm: (person, id) => {
      const proposal = getProposal(id);
      return noting('confirmation-refused', person, proposal, () => {
        for (const junction of proposal.junctions) {
          mustBeAllowed(person, 'command', junction);
        }
        if (person.name === proposal.by) throw new EdgeError('forbidden', 'expected a second person to confirm');
        const holder = locks.find(proposal.junctions[0] ?? '');
        if (holder?.holder !== proposal.by) throw new EdgeError('conflict', `${proposal.by} no longer holds the junction`);
        locks.mustHold(proposal.junctions, { name: proposal.by, role: holder.role, area: ['*'] });
        proposals.delete(id);
        const overrides = give({ name: proposal.by, role: holder.role, area: ['*'] }, proposal);
        note('command-confirmed', person, proposal, [{ say: 'asked-by', who: proposal.by }]);
        return { outcome: 'given', overrides };
      });
    },
    reject: (person, id) => {
      const proposal = getProposal(id);
      mustBeAllowed(person, 'command', proposal.junctions[0]);
      proposals.delete(id);
      note('command-rejected', person, proposal);
    },
    proposals: () => [...proposals.values()],
    preview: (junction, action, durationS) => {
      const site = getSite(junction);
      const state = getState(junction);
      const override = wished(junction, action, state.at, durationS);
      const { stages, reached, heldBy } = previewOverride(site, state, override);
      const without = override === undefined ? stages : previewOverride(site, state, undefined).stages;
      return { junction, at: state.at, reached: reached ?? null, stages, without, heldBy };
    },
    foresee: async (junction, action, durationS) => {
      const site = getSite(junction);
      const { past, method } = await deps.recall(site.id);
      const last = past.at(-1);
      if (last === undefined || last.counts.to < getState(junction).at - STALE_MS)
        throw new EdgeError('unavailable', `nothing is known of the traffic at ${junction}: no counts have come lately`);
      const inForce = desk.list(junction).map((view): Override => ({
        ...view,
        action: toAction(site, view.action),
        expires: instant(view.expires),
      }));
      const others = inForce.filter(({ source }) => source !== 'operator');
      const override = wished(junction, action, last.counts.to, durationS);
      const forS = Math.min(FORESEEN_S, durationS + AFTERMATH_S);
      const forecast = await deps.forecaster.foresee(junction, {
        ...{ past, method, forS, closed: deps.closed() },
        with: {
          overrides: override === undefined ? others : [override, ...others],
          endsOnArrival: action.kind === 'advance' && inForce.length === others.length,
        },
        without: { overrides: inForce, endsOnArrival: false },
      });
      if (forecast === undefined) throw new EdgeError('unavailable', `nothing is known of the traffic at ${junction}`);
      return { ...forecast, junction, forS };
    },
    tick: () => {
      for (const [id, { junction, stage }] of advancing) {
        const state = findState(junction);
        if (state?.stage !== stage && desk.list(junction).some((one) => one.id === id)) continue;
        advancing.delete(id);
        if (desk.release(id))
          journal.add({ kind: 'advance-arrived', by: 'system', junction, says: [{ say: 'order', order: 'stage', name: stage }] });
      }
      for (const proposal of [...proposals.values()]) {
        if (proposal.expires > now()) continue;
        proposals.delete(proposal.id);
        journal.add({ kind: 'proposal-expired', by: 'system', junctions: proposal.junctions, says: [orderOf(proposal.action)] });
      }
    },
  };
};
