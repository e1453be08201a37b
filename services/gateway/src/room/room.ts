import type { LostHolderPolicy, Playbook, Site } from '@songxanh/core';
import type { Log } from '@songxanh/platform';
import { EdgeError } from '@songxanh/platform';
import type { Store } from '@songxanh/store';
import type { EmergencyView, RoomState, SignalState } from '@songxanh/wire';
import type { LiveBoard } from '../live/live-board.ts';
import type { OverrideDesk } from '../override/override-desk.ts';
import { openAlarmDesk, type AlarmDesk } from './alarm-desk.ts';
import { openCommandDesk, type CommandDeps, type CommandDesk } from './command-desk.ts';
import { conditionsOf } from './conditions.ts';
import { openJournal, type Journal } from './journal.ts';
import { openLockDesk, type LockDesk } from './lock-desk.ts';
import { openPlaybookDesk, type PlaybookDesk } from './playbook-desk.ts';
import { watchPresence, type Presence } from './presence.ts';
import { openPublicDesk, type PublicDesk } from './public-desk.ts';

export interface RoomDeps extends Pick<CommandDeps, 'recall' | 'forecaster'> {
  /** The street's name of an edge or lane; undefined where the network does not have it. */
  readonly streetOf?: (id: string) => string | undefined;
  readonly sites: readonly Site[];
  readonly playbooks: readonly Playbook[];
  readonly board: LiveBoard;
  readonly desk: OverrideDesk;
  readonly findState: (junction: string) => SignalState | undefined;
  readonly roleOf: (name: string) => RoomState['people'][number]['role'] | undefined;
  readonly store: Store | undefined;
  readonly journalFile: string | undefined;
  readonly lostHolder: LostHolderPolicy;
  readonly twoPerson: readonly string[];
  readonly now: () => number;
  readonly log: Log;
}

/** The control room: its desks, and what they share. */
export interface Room {
  readonly journal: Journal;
  readonly presence: Presence;
  readonly locks: LockDesk;
  readonly commands: CommandDesk;
  readonly alarms: AlarmDesk;
  readonly playbooks: PlaybookDesk;
  readonly public: PublicDesk;
  readonly state: () => RoomState;
  /** Emergency vehicles as the priority service tells of them; undefined once nobody tells. */
  readonly putEmergencies: (told: readonly EmergencyView[] | undefined) => void;
  /** Ends what is over, watches for what is wrong: some times per second. */
  readonly tick: () => void;
  /** Called at each change of the room. */
  readonly onChange: (listener: () => void) => void;
}

/** Opens the room as an earlier gateway has left it. */
export const openRoom = async (deps: RoomDeps): Promise<Room> => {
  const { sites, board, desk, store, now } = deps;
  let listener: () => void = () => undefined;
  const changed = (): void => {
    listener();
  };
  const siteOf = new Map<string, Site>(sites.map((site) => [site.id, site]));
  const getSite = (id: string): Site => {
    const site = siteOf.get(id);
    if (site === undefined) throw new EdgeError('not-found', `no junction ${JSON.stringify(id)}`);
    return site;
  };
  const journal = await openJournal({ store, file: deps.journalFile, now, log: deps.log, onEntry: changed });
  const presence = watchPresence();
  const locks = openLockDesk({ desk, journal, presence, policy: deps.lostHolder, store, now });
  const publicDesk = openPublicDesk({ journal, store, now, streetOf: deps.streetOf ?? (() => undefined) });
  const commands = openCommandDesk({ ...deps, getSite, locks, journal, closed: publicDesk.closed });
  const alarms = openAlarmDesk({ journal, store, now });
  const playbooks = openPlaybookDesk({ playbooks: deps.playbooks, commands, locks, journal, store, now });
  await Promise.all([locks.restore(), alarms.restore(), playbooks.restore(), publicDesk.restore()]);

  let refusals: Readonly<Record<string, number>> = board.state().health.refusals;
  const watch = (): void => {
    const { health, signals, detectors, transit = [], queues, kpis } = board.state();
    alarms.watch(conditionsOf({ health, signals, detectors, transit }, sites, refusals));
    refusals = health.refusals;
    playbooks.watch({
      'queued-vehicles': Object.values(queues).reduce((total, n) => total + n, 0),
      'mean-delay-s': kpis.adaptive?.meanDelayPerPersonS ?? 0,
      'worst-wait-s': Math.max(0, ...Object.values(signals).map(({ worstWaitS }) => worstWaitS)),
      'critical-alarms': alarms.list().filter(({ severity, clearedAt }) => severity === 'critical' && clearedAt === undefined).length,
    });
  };

  let emergencies: readonly EmergencyView[] | undefined;
  return {
    journal,
    presence,
    locks,
    commands,
    alarms,
    playbooks,
    public: publicDesk,
    state: () => ({
      locks: locks.list(),
      overrides: desk.list(),
      proposals: commands.proposals(),
      alarms: alarms.list(),
      runs: playbooks.runs(),
      suggested: playbooks.suggested(),
      works: publicDesk.works(),
      reports: publicDesk.reports(),
      ...(emergencies === undefined ? {} : { emergencies }),
      people: presence.names().flatMap((name) => {
        const role = deps.roleOf(name);
        return role === undefined ? [] : [{ name, role }];
      }),
      twoPerson: deps.twoPerson,
      lostHolder: deps.lostHolder,
    }),
    putEmergencies: (told) => {
      const before = emergencies;
      emergencies = told;
      if ((told?.length ?? 0) > 0 || (before?.length ?? 0) > 0) changed();
    },
    tick: () => {
      locks.tick();
      commands.tick();
      watch();
      void journal.flush();
    },
    onChange: (to) => {
      listener = to;
    },
  };
};
