import { join } from 'node:path';
import {
  after,
  instant,
  reportController,
  seconds,
  startController,
  step,
  type ControllerState,
  type Instant,
  type Override,
} from '@songxanh/core';
import { createLog } from '@songxanh/platform';
import { loadScenario, type Scenario } from '@songxanh/sumo-files';
import { encodeObservation, parseSite, type SignalState } from '@songxanh/wire';
import type { PriorityApp, PriorityDeps } from '../app.ts';
import { buildApp } from '../app.ts';
import { readGtfs } from '../transit/gtfs-static.ts';

export const SCENARIOS = join(__dirname, '../../../../scenarios');
export const GTFS = join(SCENARIOS, 'corridor/gtfs');
/** Monday 2026-01-05 07:00 in Hanoi. */
export const SEVEN = instant(Date.UTC(2026, 0, 5));
export const quiet = createLog('test', 'silent');

/** Flash, all-red and the first stage of the corridor take less. */
const START_UP_S = 30;

let scenario: Promise<Scenario> | undefined;
export const corridor = (): Promise<Scenario> => (scenario ??= loadScenario(join(SCENARIOS, 'corridor/corridor.sumocfg'), { parseSite }));

/** Eight junctions under their time-of-day plans, told to the service second by second. */
export interface TestStreet {
  readonly app: PriorityApp;
  readonly now: () => Instant;
  /** Lets seconds pass; `each` sees every one. */
  readonly pass: (lasts: number, each?: (now: Instant) => void) => void;
  readonly signals: (junction: string) => SignalState;
  /** In force at the junctions from the next second on. */
  readonly overrides: Map<string, Override>;
}

export const openTestStreet = async (change: Partial<PriorityDeps> = {}): Promise<TestStreet> => {
  const { network, sites, timeZone } = await corridor();
  const app = await buildApp({
    sites: [...sites.values()],
    network,
    timeZone,
    rules: [],
    gtfs: await readGtfs(GTFS),
    graphHopper: undefined,
    findClient: () => ({ name: 'operator', classes: ['transit', 'ambulance'] }),
    store: undefined,
    overrides: undefined,
    wallMs: () => 0,
    log: quiet,
    ...change,
  });
  let now = after(SEVEN, seconds(-START_UP_S));
  const states = new Map<string, ControllerState>([...sites.values()].map((site) => [site.id, startController(site, now)]));
  const shown = new Map<string, SignalState>();
  const overrides = new Map<string, Override>();
  let sequence = 0;
  const pass: TestStreet['pass'] = (lasts, each) => {
    for (let s = 0; s < lasts; s++) {
      const from = now;
      now = after(now, seconds(1));
      sequence += 1;
      for (const site of sites.values()) {
        const override = overrides.get(site.id);
        const { state } = step(site, states.get(site.id)!, {
          now,
          actuations: [],
          plans: [],
          overrides: override === undefined ? [] : [override],
          failedDetectors: [],
          cabinetFault: false,
        });
        states.set(site.id, state);
        const signals = reportController(site, state);
        shown.set(site.id, signals);
        const counts = { junction: site.id, sequence, from, to: now, counts: [], actuations: [] };
        app.takeObservations([encodeObservation({ epoch: 1, counts, signals })]);
      }
      each?.(now);
    }
  };
  pass(START_UP_S);
  return { app, now: () => now, pass, signals: (junction) => shown.get(junction)!, overrides };
};
