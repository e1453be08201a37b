import { NO_CALLS } from '../controller/calls.ts';
import type { ControllerReport } from '../controller/controller.ts';
import type { ControllerState } from '../controller/controller-state.ts';
import type { LampState } from '../controller/lamp.ts';
import type { SignalGroupId } from '../ids.ts';
import type { Site } from '../intersection/site.ts';

/** What the room knows of a controller. */
export type KnownReport = Omit<ControllerReport, 'heads'>;

/** A controller that goes on from what is known of a junction: its lamps, plan, promises and calls. */
export const twinOf = (site: Site, report: KnownReport): ControllerState => {
  const calls = new Map(report.calls.map((call) => [call.group, call.since]));
  const lamps = new Map(report.lamps.map((lamp) => [lamp.group, lamp]));
  const dark = (group: SignalGroupId): LampState => ({ group, lamp: 'dark', since: report.at });
  const { id, source, madeAt, until, steps } = report.plan;
  return {
    junction: site.id,
    now: report.at,
    mode: report.mode,
    modeSince: report.at,
    lamps: site.groups.map((group) => lamps.get(group.id) ?? dark(group.id)),
    steps,
    accepted: report.source === 'optimizer' ? { id, source, madeAt, until } : null,
    source: report.source,
    why: report.why,
    chargeKey: '',
    promises: report.commitments,
    blanked: [],
    calls: {
      ...NO_CALLS(site),
      calls: site.groups.map((group) => {
        const since = calls.get(group.id);
        return since === undefined ? null : { since, locked: true };
      }),
    },
    guards: [],
    termination: 'force-off',
  };
};
