import type { JunctionId, Planner, Site } from '@songxanh/core';
import type { BidiHandler, Handlers, Log } from '@songxanh/platform';
import type { Owner, Store } from '@songxanh/store';
import {
  channels,
  findRequests,
  LEASE_TICK_MS,
  observationStream,
  publishLive,
  type JunctionRequests,
  type ToldOutflow,
} from '@songxanh/store';
import type { Answer, FollowRequest, FollowResponse, JunctionObservation, JunctionObservationMessage } from '@songxanh/wire';
import { parseObservation, parsePlanOutcome } from '@songxanh/wire';
import { openFollowers } from './followers.ts';
import { openInbox } from './inbox.ts';
import type { Answered, JunctionMind } from './junction-mind.ts';
import { openJunctionMind } from './junction-mind.ts';
import { openOutflowExchange } from './outflow-exchange.ts';
import { openOwnership } from './ownership.ts';
import { recordDecisions, recordProofs } from './record.ts';
import { prepare } from './rehearse.ts';

export interface OptimizerDeps {
  readonly sites: readonly Site[];
  readonly planner: Planner;
  readonly store: Store;
  readonly self: Owner;
  readonly log: Log;
  /** Subscribes to the observations of these junctions instead of those before; none when empty. */
  readonly subscribe: (junctions: readonly JunctionId[]) => void;
  /** Called when all that was seen has been answered and recorded. */
  readonly onRest?: () => void;
}

export interface OptimizerApp {
  readonly handlers: { readonly PlanService: Handlers };
  readonly takeObservations: (messages: readonly JunctionObservationMessage[]) => void;
  /** What transit vehicles ask, by junction; lists of junctions that are not ours are left. */
  readonly takeRequests: (lists: readonly JunctionRequests[]) => void;
  /** Edges and lanes that works close from now on. */
  readonly takeClosures: (closed: readonly string[]) => void;
  /** What junctions of other optimizers send on. */
  readonly takeOutflow: (told: readonly ToldOutflow[]) => void;
  /** Begins to take leases; resolves when the first of them are taken over. */
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly owned: () => number;
  /** Answers given, plans sent and plans refused by agents since the start. */
  readonly tally: () => { readonly answers: number; readonly plans: number; readonly refused: number };
}

const observations = observationStream<JunctionObservation>();

/** Answers leave after so much work, ms: of many junctions that ask at once the first need not wait for the last. */
const SLICE_MS = 4;

/** As many observations as a new owner replays: five minutes, all that the stream keeps. */
const RECALLED = 300;

/** The optimizer without its socket: leases, observations in, answers and decision records out. */
export const buildApp = ({ sites, planner, store, self, log, subscribe, onRest }: OptimizerDeps): OptimizerApp => {
  const siteOf = new Map(sites.map((site) => [site.id as string, site]));
  const minds = new Map<string, JunctionMind>();
  const exchange = openOutflowExchange(sites, (junction) => ownership.owns(junction));
  const followers = openFollowers();
  const inbox = openInbox(
    // Before the first second nobody had anything to tell.
    ({ counts }) => counts.sequence === 1 || exchange.hasHeard(siteOf.get(counts.junction)!, counts.from),
    ({ counts }) => {
      exchange.giveUp(siteOf.get(counts.junction)!, counts.from);
    },
  );
  const told = new Map<JunctionId, string>();
  const tally = { answers: 0, plans: 0, refused: 0 };
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let closed: ReadonlySet<string> = new Set();
  /** Answered, but not yet recorded. */
  let unsettled: readonly Answered[] = [];
  let answering: NodeJS.Immediate | undefined;
  let waiting: NodeJS.Timeout | undefined;
  let takingOver = Promise.resolve();

  const redirect = (junction: JunctionId, owner: Owner): Answer => ({
    junction,
    sequence: 0,
    epoch: 0,
    word: { kind: 'redirect', address: owner.address },
  });
  const resubscribe = (): void => {
    subscribe([...minds.keys()] as JunctionId[]);
  };

  const takeOver = async (junction: JunctionId): Promise<void> => {
    const site = siteOf.get(junction);
    if (site === undefined) return;
    await prepare(site, planner);
    const mind = openJunctionMind(site, planner, exchange, () => closed);
    const [past, requests] = await Promise.all([observations.readLast(store, junction, RECALLED), findRequests(store, junction)]);
    if (past.ok) mind.recall(past.value);
    if (requests.ok && requests.value !== undefined) mind.requests.put(requests.value.at, requests.value.requests);
    if (!ownership.owns(junction)) return;
    minds.set(junction, mind);
    log.info({ junction, recalled: past.ok ? past.value.length : 0 }, 'took over');
  };

  const takeOverAll = async (junctions: readonly JunctionId[]): Promise<void> => {
    for (const junction of junctions) await takeOver(junction);
    resubscribe();
  };

  const ownership = openOwnership(
    store,
    self,
    sites.map(({ id }) => id),
    {
      onGained: (junctions) => {
        for (const junction of junctions) told.delete(junction);
        takingOver = takeOverAll(junctions);
      },
      onLost: (junctions) => {
        for (const junction of junctions) minds.delete(junction);
        log.info({ junctions: junctions.length }, 'handed over');
        resubscribe();
      },
    },
  );

  /** Tells followers of junctions that are not ours who owns them, once per owner. */
  const tellOwners = (): void => {
    followers.send(
      sites.flatMap(({ id }) => {
        const owner = ownership.owns(id) ? undefined : ownership.ownerOf(id);
        if (owner === undefined || !followers.isFollowed(id) || told.get(id) === owner.address) return [];
        told.set(id, owner.address);
        return [redirect(id, owner)];
      }),
    );
  };

  /** What the last observations leave to do once they are answered; the next answers build on it. */
  const settle = (): void => {
    const settled = unsettled;
    unsettled = [];
    for (const { answer } of settled) recordProofs(store, siteOf.get(answer.junction)!, minds.get(answer.junction)?.settle() ?? []);
    const told = exchange.takeForOthers();
    if (told.length > 0 && store.isUp()) void publishLive(store, channels.outflow, told);
    recordDecisions(store, settled);
  };

  const takeRequests: OptimizerApp['takeRequests'] = (lists) => {
    settle();
    for (const { junction, at, requests } of lists) minds.get(junction)?.requests.put(at, requests);
  };

  const parse = (message: JunctionObservationMessage): readonly JunctionObservation[] => {
    const observation = parseObservation(message);
    if (observation.ok) return minds.has(message.junction) ? [observation.value] : [];
    log.warn({ junction: message.junction, reason: observation.reason, detail: observation.message }, 'observation refused');
    return [];
  };

  const answerSlice = (): readonly Answered[] => {
    const end = performance.now() + SLICE_MS;
    const answered: Answered[] = [];
    for (let one = inbox.next(); one !== undefined; one = performance.now() < end ? inbox.next() : undefined) {
      const answer = minds.get(one.counts.junction)?.answer(one);
      if (answer !== undefined) answered.push(answer);
    }
    return answered;
  };

  /**
   * Answers what can be answered. The socket is written to between two turns of the event loop: after each slice of answers the next turn goes on,
   * and everything else is put off until all are given.
   */
  const answerAll = (): void => {
    clearImmediate(answering);
    clearTimeout(waiting);
    if (stopped) return;
    const answered = answerSlice();
    if (answered.length > 0) {
      unsettled = [...unsettled, ...answered];
      const answers = answered.map(({ answer }) => answer);
      followers.send(answers);
      tally.answers += answers.length;
      tally.plans += answers.filter(({ word }) => word.kind === 'plan').length;
      answering = setImmediate(answerAll);
      return;
    }
    if (unsettled.length > 0) {
      settle();
      // What has been told now may be what others have waited for.
      answerAll();
      return;
    }
    const wait = inbox.untilNext();
    if (wait === undefined) onRest?.();
    else waiting = setTimeout(answerAll, wait);
  };

  const takeObservations: OptimizerApp['takeObservations'] = (messages) => {
    settle();
    inbox.put(messages.flatMap(parse));
    answerAll();
  };

  const follow: BidiHandler<FollowRequest, FollowResponse> = (call) => {
    call.on('data', ({ agent, junctions, outcomes }: FollowRequest) => {
      if (junctions.length > 0) {
        log.info({ agent, junctions: junctions.length }, 'followed');
        followers.follow(call, junctions);
        for (const junction of junctions) told.delete(junction as JunctionId);
        // What this follower's last report still waits for, if its observation came before it.
        followers.send(junctions.flatMap((junction) => minds.get(junction)?.lastAnswer() ?? []));
        tellOwners();
      }
      for (const message of outcomes) {
        const outcome = parsePlanOutcome(message);
        if (!outcome.ok || outcome.value.refusal === undefined) continue;
        tally.refused += 1;
        const { junction, plan, refusal } = outcome.value;
        log.warn({ agent, junction, plan, reason: refusal.reason, detail: refusal.message }, 'plan refused by the agent');
      }
    });
    const gone = (): void => {
      followers.leave(call);
    };
    call.on('cancelled', gone);
    call.on('end', () => {
      gone();
      call.end();
    });
  };

  /** Resolves after the first round that Redis answered; goes on for ever. */
  const keepLeases = (): Promise<void> =>
    new Promise((resolve) => {
      const round = async (): Promise<void> => {
        const asked = await ownership.tick();
        tellOwners();
        if (asked) resolve();
        if (!stopped) timer = setTimeout(() => void round(), LEASE_TICK_MS);
      };
      void round();
    });

  return {
    handlers: { PlanService: { Follow: follow } },
    takeObservations,
    takeRequests,
    takeOutflow: (told) => {
      exchange.receive(told);
      answerAll();
    },
    takeClosures: (now) => {
      closed = new Set(now);
    },
    start: async () => {
      await keepLeases();
      await takingOver;
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      clearTimeout(waiting);
      settle();
      await ownership.releaseAll();
    },
    owned: () => minds.size,
    tally: () => tally,
  };
};
