import { refuse, type Instant, type JunctionId, type Override, type Refusal, type Site } from '@songxanh/core';
import { dial, keepBidi, type Log } from '@songxanh/platform';
import {
  encodeOverrideOutcome,
  encodeSignalState,
  parseOverride,
  type OverrideAttachRequest,
  type OverrideAttachResponse,
  type OverrideOutcome,
  type SignalState,
} from '@songxanh/wire';

export interface OverrideFollower {
  /** The overrides in force for a junction at `now`. They hold to their end even when the gateway is gone. */
  readonly overridesFor: (junction: JunctionId, now: Instant) => readonly Override[];
  /** The junctions' states after a step: changes of mode, source or override are told at once, all states every few seconds. */
  readonly show: (states: readonly SignalState[]) => void;
  /** States between two steps, told at once. */
  readonly tell: (states: readonly SignalState[]) => void;
  readonly stop: () => void;
}

export interface OverrideFollowerOptions {
  readonly agent: string;
  readonly sites: readonly Site[];
  /** Address of OverrideService. */
  readonly gateway: string;
  /** Junctions whose orders have changed. */
  readonly onOrders?: (junctions: readonly JunctionId[]) => void;
  readonly log: Log;
}

/** The contract asks for all states at least every 5 s of wall time. */
const ALL_STATES_EVERY_MS = 4000;

/** An override that names what the site does not have. */
export const checkOverride = (site: Site, override: Override): Refusal | undefined => {
  const { action } = override;
  if (action.kind === 'stage' && !site.stages.some((s) => s.id === action.stage))
    return refuse('unknown-stage', `${site.id} has no stage "${action.stage}": expected one of ${site.stages.map((s) => s.id).join(', ')}`);
  if (action.kind === 'plan' && !site.plans.some((p) => p.name === action.name))
    return refuse('unknown-plan', `${site.id} has no plan "${action.name}": expected one of ${site.plans.map((p) => p.name).join(', ')}`);
  return undefined;
};

const summary = (s: SignalState, overrides: readonly Override[]): string =>
  [s.mode, s.source, s.why, ...overrides.map((o) => o.id)].join('|');

/** Attaches to the gateway: overrides in, states out. */
export const openOverrideFollower = (options: OverrideFollowerOptions): OverrideFollower => {
  const { agent, log } = options;
  const sites = new Map(options.sites.map((s) => [s.id, s]));
  let inForce: readonly { readonly junction: JunctionId; readonly override: Override }[] = [];
  /** Ended by time or refused: the gateway may still list them. */
  const over = new Set<string>();
  const told = new Map<JunctionId, string>();
  let states: ReadonlyMap<JunctionId, SignalState> = new Map();

  const end = (override: string, junction: JunctionId, outcome: OverrideOutcome['outcome'], message: string): void => {
    log.info({ junction, override, outcome, message }, 'override ended');
    link.send({ agent, junctions: [], states: [], outcomes: [encodeOverrideOutcome({ override, junction, outcome, message })] });
  };

  const orders = (junction: JunctionId): string =>
    inForce
      .filter((o) => o.junction === junction)
      .map((o) => o.override.id)
      .join();

  const take = (m: OverrideAttachResponse): void => {
    const before = new Map([...sites.keys()].map((junction) => [junction, orders(junction)]));
    const parsed = m.overrides.flatMap((message) => {
      const override = parseOverride(message);
      if (!override.ok) log.warn({ reason: override.message }, 'override refused');
      return override.ok && sites.has(override.value.junction) ? [override.value] : [];
    });
    const listed = new Set(parsed.map((p) => p.override.id));
    for (const { junction, override } of inForce)
      if (!listed.has(override.id)) end(override.id, junction, 'released', 'released by the control room');
    for (const id of over) if (!listed.has(id)) over.delete(id);
    const fresh = parsed.filter((p) => !over.has(p.override.id));
    inForce = fresh.filter(({ junction, override }) => {
      const site = sites.get(junction);
      const refusal = site === undefined ? undefined : checkOverride(site, override);
      if (refusal === undefined) return true;
      over.add(override.id);
      end(override.id, junction, 'refused', refusal.message);
      return false;
    });
    const changed = [...before].filter(([junction, was]) => orders(junction) !== was).map(([junction]) => junction);
    if (changed.length > 0) options.onOrders?.(changed);
  };

  const client = dial('OverrideService', options.gateway);
  const link = keepBidi<OverrideAttachResponse, OverrideAttachRequest>(client, 'Attach', {
    onOpen: (send) => {
      send({ agent, junctions: [...sites.keys()], states: [...states.values()].map(encodeSignalState), outcomes: [] });
    },
    onUp: () => {
      log.info('gateway there');
    },
    onDown: (reason) => {
      log.warn({ reason }, 'gateway lost');
    },
    onMessage: take,
  });
  const all = setInterval(() => {
    if (states.size > 0) link.send({ agent, junctions: [], states: [...states.values()].map(encodeSignalState), outcomes: [] });
  }, ALL_STATES_EVERY_MS);

  return {
    overridesFor: (junction, now) => {
      const own = inForce.filter((o) => o.junction === junction);
      const expired = own.filter((o) => o.override.expires <= now);
      if (expired.length > 0) {
        for (const { override } of expired) {
          over.add(override.id);
          end(override.id, junction, 'expired', 'its time was over');
        }
        inForce = inForce.filter((o) => !expired.includes(o));
      }
      return own.filter((o) => !expired.includes(o)).map((o) => o.override);
    },
    show: (shown) => {
      states = new Map(shown.map((s) => [s.junction, s]));
      const changed = shown.filter((s) => {
        const now = summary(
          s,
          inForce.filter((o) => o.junction === s.junction).map((o) => o.override),
        );
        if (told.get(s.junction) === now) return false;
        told.set(s.junction, now);
        return true;
      });
      if (changed.length > 0) link.send({ agent, junctions: [], states: changed.map(encodeSignalState), outcomes: [] });
    },
    tell: (shown) => {
      states = new Map([...states, ...shown.map((s) => [s.junction, s] as const)]);
      link.send({ agent, junctions: [], states: shown.map(encodeSignalState), outcomes: [] });
    },
    stop: () => {
      clearInterval(all);
      link.close();
      client.close();
    },
  };
};
