import type { JunctionId, StagePlan } from '@songxanh/core';
import { dial, keepBidi, type Log, type StreamLink } from '@songxanh/platform';
import { encodePlanOutcome, parseAnswer, type Answer, type FollowRequest, type FollowResponse, type PlanOutcome } from '@songxanh/wire';

export interface PlanFollower {
  /** These reports have been sent: an answer to each is due at the next step. */
  readonly expect: (reports: readonly { readonly junction: JunctionId; readonly sequence: number }[]) => void;
  /** No answer will come to this report, or to any (undefined). */
  readonly forget: (junction?: JunctionId) => void;
  /** Resolves when every expected answer is there, or nobody is left to give one, or the optimizer counts as silent. */
  readonly untilAnswered: () => Promise<void>;
  /** Plans that have come since the last call, per junction in order. */
  readonly takePlans: () => ReadonlyMap<JunctionId, readonly StagePlan[]>;
  readonly tell: (outcomes: readonly PlanOutcome[]) => void;
  /** True as soon as an optimizer is there for every junction. */
  readonly isUp: () => boolean;
  readonly stop: () => void;
}

export interface PlanFollowerOptions {
  readonly agent: string;
  /** Of the reports that are sent now: answers to others are too late. */
  readonly epoch: () => number;
  readonly junctions: readonly JunctionId[];
  /** PlanService of one or more optimizers; any of them names a junction's owner. */
  readonly optimizers: readonly string[];
  /** Called for each answer as it arrives. */
  readonly onAnswer?: (answer: Answer) => void;
  readonly log: Log;
}

/** Wall time a step may wait for answers. Below the 1.8 s after which the cabinet would count a blocked agent as silent. */
const ANSWER_WITHIN_MS = 1500;
/** Wall time between two moves of a junction to another optimizer. */
const MOVE_AT_MOST_EVERY_MS = 200;

interface Owner {
  readonly link: StreamLink<FollowRequest>;
  readonly close: () => void;
}

/** Follows each junction's owner among the optimizers, from redirect to redirect. */
export const openPlanFollower = (options: PlanFollowerOptions): PlanFollower => {
  const { agent, log, junctions, optimizers } = options;
  const owners = new Map<string, Owner>();
  const movedAt = new Map<JunctionId, number>();
  let stopped = false;
  const addressOf = new Map<JunctionId, string>(junctions.map((j) => [j, optimizers[0] ?? '']));
  const due = new Map<JunctionId, number>();
  /** Junctions whose optimizer let a step wait in vain: nobody waits for it until it answers again. */
  const silent = new Set<JunctionId>();
  let plans = new Map<JunctionId, StagePlan[]>();
  let answered: () => void = () => undefined;

  const followedAt = (address: string): readonly JunctionId[] => junctions.filter((j) => addressOf.get(j) === address);
  const follow = (address: string): FollowRequest => ({ agent, junctions: followedAt(address), outcomes: [] });

  const settle = (junction: JunctionId): void => {
    due.delete(junction);
    if (due.size === 0) answered();
  };

  const moveTo = (junction: JunctionId, address: string): void => {
    const from = addressOf.get(junction);
    if (from === address || stopped) return;
    // While a lease changes hands two optimizers may name each other.
    const wait = (movedAt.get(junction) ?? -MOVE_AT_MOST_EVERY_MS) + MOVE_AT_MOST_EVERY_MS - performance.now();
    if (wait > 0) {
      setTimeout(() => {
        moveTo(junction, address);
      }, wait);
      return;
    }
    movedAt.set(junction, performance.now());
    log.info({ junction, owner: address }, 'follows another optimizer');
    addressOf.set(junction, address);
    owners.get(from ?? '')?.link.send(follow(from ?? ''));
    const owner = owners.get(address);
    if (owner === undefined) open(address);
    else owner.link.send(follow(address));
  };

  const take = (answer: Answer): void => {
    if (answer.word.kind === 'redirect') {
      moveTo(answer.junction, answer.word.address);
      return;
    }
    if (answer.epoch !== options.epoch()) return;
    options.onAnswer?.(answer);
    silent.delete(answer.junction);
    if (answer.word.kind === 'plan') plans.set(answer.junction, [...(plans.get(answer.junction) ?? []), answer.word.plan]);
    if (answer.sequence >= (due.get(answer.junction) ?? Infinity)) settle(answer.junction);
  };

  const open = (address: string): void => {
    const client = dial('PlanService', address);
    const link = keepBidi<FollowResponse, FollowRequest>(client, 'Follow', {
      onOpen: (send) => {
        send(follow(address));
      },
      onUp: () => {
        log.info({ optimizer: address }, 'optimizer there');
      },
      onDown: (reason) => {
        log.warn({ optimizer: address, reason }, 'optimizer lost');
        const orphans = followedAt(address);
        for (const junction of orphans) settle(junction);
        // Ask the next one who owns them now; with a single optimizer its own stream comes back.
        const next = optimizers[(optimizers.indexOf(address) + 1) % optimizers.length];
        if (next !== undefined && next !== address) for (const junction of orphans) moveTo(junction, next);
      },
      onMessage: (m) => {
        for (const message of m.answers) {
          const answer = parseAnswer(message);
          if (answer.ok) take(answer.value);
          else log.warn({ reason: answer.message }, 'answer refused');
        }
      },
    });
    owners.set(address, {
      link,
      close: () => {
        link.close();
        client.close();
      },
    });
  };
  for (const address of optimizers.slice(0, 1)) open(address);

  const isUpFor = (junction: JunctionId): boolean => owners.get(addressOf.get(junction) ?? '')?.link.isUp() ?? false;

  return {
    expect: (reports) => {
      due.clear();
      for (const { junction, sequence } of reports) if (!silent.has(junction) && isUpFor(junction)) due.set(junction, sequence);
    },
    forget: (junction) => {
      for (const j of junction === undefined ? [...due.keys()] : [junction]) settle(j);
    },
    untilAnswered: async () => {
      if (due.size === 0) return;
      await new Promise<void>((resolve) => {
        const giveUp = setTimeout(() => {
          for (const junction of due.keys()) silent.add(junction);
          log.warn({ junctions: [...due.keys()] }, 'optimizer silent');
          due.clear();
          answered();
        }, ANSWER_WITHIN_MS);
        answered = () => {
          clearTimeout(giveUp);
          answered = () => undefined;
          resolve();
        };
      });
    },
    takePlans: () => {
      const taken = plans;
      plans = new Map();
      return taken;
    },
    tell: (outcomes) => {
      for (const [address, owner] of owners) {
        const own = outcomes.filter((o) => addressOf.get(o.junction) === address);
        if (own.length > 0) owner.link.send({ agent, junctions: [], outcomes: own.map(encodePlanOutcome) });
      }
    },
    isUp: () => junctions.every(isUpFor),
    stop: () => {
      stopped = true;
      for (const owner of owners.values()) owner.close();
    },
  };
};
