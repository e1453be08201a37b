import type { ServerDuplexStream } from '@grpc/grpc-js';
import { randomUUID } from 'node:crypto';
import type { Instant, JunctionId, Override } from '@songxanh/core';
import type { Handlers, Log } from '@songxanh/platform';
import type { Store, StoredOverride } from '@songxanh/store';
import { deleteOverride, listOverrides, saveOverride } from '@songxanh/store';
import type { OverrideAttachRequest, OverrideAttachResponse, OverrideView, SignalState } from '@songxanh/wire';
import { encodeOverride, parseOverrideOutcome, parseSignalState } from '@songxanh/wire';

export type AttachCall = ServerDuplexStream<OverrideAttachRequest, OverrideAttachResponse>;

export interface OverrideDesk {
  readonly handlers: { readonly OverrideService: Handlers };
  readonly give: (junction: JunctionId, override: Omit<Override, 'id'>) => OverrideView;
  /** False when no such override is in force. */
  readonly release: (id: string) => boolean;
  readonly list: (junction?: string) => readonly OverrideView[];
  /** Takes up what an earlier gateway left in Redis: its restart must release nothing. */
  readonly restore: () => Promise<void>;
  /** Agents that are attached, with their number of junctions. */
  readonly agents: () => readonly { readonly agent: string; readonly junctions: number }[];
}

export interface OverrideDeskDeps {
  readonly store: Store | undefined;
  readonly log: Log;
  readonly onStates: (states: readonly SignalState[]) => void;
  /** Told of each override that ends without a release: by its time, or by the agent's refusal. */
  readonly onEnded?: (override: OverrideView, outcome: string, message: string) => void;
}

const view = ({ junction, override }: StoredOverride): OverrideView => ({ ...override, junction });

/** Where operators' overrides lie while they are in force, and where agents fetch them: without Redis and without the optimizer. */
export const openOverrideDesk = ({ store, log, onStates, onEnded }: OverrideDeskDeps): OverrideDesk => {
  const inForce = new Map<string, StoredOverride>();
  const attached = new Map<AttachCall, { agent: string; junctions: ReadonlySet<string> }>();

  const send = (call: AttachCall, junctions: ReadonlySet<string>): void => {
    call.write({ overrides: [...inForce.values()].filter(({ junction }) => junctions.has(junction)).map(encodeOverride) });
  };
  const tellAgents = (junction: string): void => {
    for (const [call, { junctions }] of attached) if (junctions.has(junction)) send(call, junctions);
  };
  const end = (id: string): StoredOverride | undefined => {
    const stored = inForce.get(id);
    inForce.delete(id);
    if (stored !== undefined && store !== undefined) void deleteOverride(store, id);
    return stored;
  };
  /** An agent's street time ends what has expired, so that the list stays true without an agent's word. */
  const endExpired = (junction: string, now: Instant): void => {
    for (const stored of [...inForce.values()]) {
      if (stored.junction !== junction || stored.override.expires > now) continue;
      end(stored.override.id);
      onEnded?.(view(stored), 'expired', 'its time was over');
    }
  };

  const attach = (call: AttachCall): void => {
    call.on('data', ({ agent, junctions, states, outcomes }: OverrideAttachRequest) => {
      if (junctions.length > 0) {
        attached.set(call, { agent, junctions: new Set(junctions) });
        send(call, new Set(junctions));
        log.info({ agent, junctions: junctions.length }, 'agent attached');
      }
      const parsed = states.flatMap((message) => {
        const state = parseSignalState(message);
        if (!state.ok) log.warn({ agent, reason: state.reason, detail: state.message }, 'signal state refused');
        return state.ok ? [state.value] : [];
      });
      for (const { junction, at } of parsed) endExpired(junction, at);
      if (parsed.length > 0) onStates(parsed);
      for (const message of outcomes) {
        const outcome = parseOverrideOutcome(message);
        if (!outcome.ok) continue;
        log.info({ agent, ...outcome.value }, 'override ended');
        const stored = end(outcome.value.override);
        if (stored !== undefined) onEnded?.(view(stored), outcome.value.outcome, outcome.value.message);
      }
    });
    const gone = (): void => void attached.delete(call);
    call.on('cancelled', gone);
    call.on('close', gone);
    call.on('end', () => {
      gone();
      call.end();
    });
  };

  return {
    handlers: { OverrideService: { Attach: attach } },
    give: (junction, override) => {
      const stored: StoredOverride = { junction, override: { ...override, id: randomUUID() } };
      inForce.set(stored.override.id, stored);
      if (store !== undefined) void saveOverride(store, stored);
      log.info({ junction, override: stored.override }, 'override given');
      tellAgents(junction);
      return view(stored);
    },
    release: (id) => {
      const stored = end(id);
      if (stored === undefined) return false;
      log.info({ junction: stored.junction, override: id }, 'override released');
      tellAgents(stored.junction);
      return true;
    },
    list: (junction) => [...inForce.values()].filter((stored) => junction === undefined || stored.junction === junction).map(view),
    restore: async () => {
      const stored = store === undefined ? undefined : await listOverrides(store);
      if (stored?.ok !== true) return;
      for (const one of stored.value) inForce.set(one.override.id, one);
    },
    agents: () => [...attached.values()].map(({ agent, junctions }) => ({ agent, junctions: junctions.size })),
  };
};
