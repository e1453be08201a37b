import type { Override } from '../controller/controller.ts';
import type { ControllerState } from '../controller/controller-state.ts';
import { step } from '../controller/step.ts';
import type { SignalGroupId, StageId } from '../ids.ts';
import type { Site } from '../intersection/site.ts';
import { after, seconds, type Instant } from '../time.ts';
import { twinOf, type KnownReport } from './twin.ts';

/** What the signals would do: the same controller, run ahead without traffic. */
export interface Preview {
  /** Stages with the instant their green begins in full, the running one first. */
  readonly stages: readonly { readonly stage: StageId; readonly at: Instant }[];
  /** When the junction does what was asked: in the stage, all red, flashing, in the plan. Undefined where it does not within the horizon. */
  readonly reached: Instant | undefined;
  /** Promises on displays that keep it from happening sooner. */
  readonly heldBy: readonly { readonly group: SignalGroupId; readonly at: Instant }[];
}

const HORIZON_S = 120;

/** Whether the junction does what was asked. */
export const isReached = (site: Site, { lamps, mode, steps }: ControllerState, action: Override['action']): boolean => {
  const shown = new Map(lamps.map(({ group, lamp }) => [group, lamp]));
  switch (action.kind) {
    case 'hold':
    case 'plan':
      return true;
    case 'all-red':
      return lamps.every(({ lamp }) => lamp === 'red');
    case 'flash':
      return mode === 'night-flash';
    case 'stage': {
      const green = site.stages.find(({ id }) => id === action.stage)?.green ?? [];
      return steps[0]?.stage === action.stage && green.every((group) => shown.get(group) === 'green' || shown.get(group) === 'permissive');
    }
  }
};

/** What would follow if this override were given now (without one: what follows as things are). */
export const previewOverride = (site: Site, report: KnownReport, override: Override | undefined): Preview => {
  let state = twinOf(site, report);
  const stages: { stage: StageId; at: Instant }[] = [];
  let reached: Instant | undefined;
  for (let s = 0; s <= HORIZON_S; s += 1) {
    const running = state.steps[0]?.stage;
    if (running !== undefined && stages.at(-1)?.stage !== running) stages.push({ stage: running, at: state.now });
    // What is asked for is taken up at the first step.
    if (override !== undefined && s > 0 && reached === undefined && isReached(site, state, override.action)) reached = state.now;
    const now = after(state.now, seconds(1));
    ({ state } = step(site, state, {
      now,
      actuations: [],
      plans: [],
      overrides: override === undefined ? [] : [override],
      failedDetectors: [],
      cabinetFault: report.mode === 'fault-flash',
    }));
  }
  const heldBy = report.commitments.filter(({ at }) => reached === undefined || at <= reached).map(({ group, at }) => ({ group, at }));
  return { stages, reached, heldBy };
};
