import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, seconds, type Network } from '@songxanh/core';
import { TraciCommandError, VARIABLE, type ObjectValues, type Point, type TraciClient } from '@songxanh/traci';
import { journeysInSumo } from '../corridor/sumo-run.ts';
import { openBusAsking, type SeenBus } from './bus-asking.ts';
import { watchBuses, type BusTrip } from './bus-watch.ts';
import { busPatterns } from './line.ts';
import type { FreeRun, PriorityRun, PriorityRunResult } from './priority-run.ts';

/** Places among the subscribed values. */
const [POSITION, SPEED] = [0, 1];
const [TIME, DEPARTED] = [0, 1];
/** Ids of the scenario's buses begin so. */
const BUS = 'bus';

/** Follows the buses of a SUMO: after each step `tell` gets those on the street. */
const followBuses = (tell: (buses: readonly SeenBus[], nowS: number) => void) => (client: TraciClient, clock: ObjectValues) => {
  const buses = new Map<string, ObjectValues>();
  return Promise.resolve(async (): Promise<void> => {
    for (const id of clock.value(DEPARTED) as readonly string[]) {
      if (!id.startsWith(BUS)) continue;
      try {
        buses.set(id, await client.vehicle.subscribe(id, [VARIABLE.position, VARIABLE.speed]));
      } catch (error) {
        if (!(error instanceof TraciCommandError)) throw error;
      }
    }
    const seen: SeenBus[] = [];
    for (const [id, values] of buses) {
      if (values.updatedAt === client.answers) {
        const [x, y] = values.value(POSITION) as Point;
        seen.push({ id, x, y, speedMps: values.number(SPEED) });
      } else {
        buses.delete(id);
        client.vehicle.forget(id);
      }
    }
    tell(seen, clock.number(TIME));
  });
};

/** One run of a real SUMO, others' delays judged by its tripinfo. */
export const runWithPriorityInSumo = async (run: PriorityRun): Promise<PriorityRunResult> => {
  const { scenario, seed, beginS, endS } = run;
  const asking = await openBusAsking(run);
  const journeys = await journeysInSumo(
    { scenario, sites: [...scenario.sites.values()], planning: { planner: asking.planner, sensing: 'detectors' }, seed, beginS, endS },
    followBuses((buses, nowS) => {
      asking.see(buses, after(scenario.midnight, seconds(nowS)));
    }),
  );
  return { buses: asking.trips(), journeys, tally: asking.tally() };
};

const headsOf = (network: Network): ReadonlyMap<string, number> => {
  const heads = new Map<string, number>();
  for (const { signal } of network.connections)
    if (signal !== undefined) heads.set(signal.program, Math.max(heads.get(signal.program) ?? 0, signal.index + 1));
  return heads;
};

/** The line's buses alone in SUMO, every signal green. */
export const runFreeInSumo = async ({ scenario, seed, beginS, endS }: FreeRun): Promise<readonly BusTrip[]> => {
  const watch = watchBuses(await busPatterns(scenario));
  const folder = mkdtempSync(join(tmpdir(), 'bench-priority-'));
  try {
    const alone = join(folder, 'buses.rou.xml');
    const [routes = ''] = scenario.files.routes;
    const lines = readFileSync(routes, 'utf8').split('\n');
    writeFileSync(alone, lines.filter((line) => !line.includes('<flow') || line.includes('type="bus"')).join('\n'));
    const follow = followBuses((buses, nowS) => {
      for (const { id, x, y, speedMps } of buses) watch.see(id, [x, y], speedMps, nowS);
    });
    await journeysInSumo(
      { scenario: { ...scenario, files: { ...scenario.files, routes: [alone] } }, sites: [], seed, beginS, endS },
      async (client, clock) => {
        await Promise.all([...headsOf(scenario.network)].map(([signal, heads]) => client.trafficLight.setState(signal, 'G'.repeat(heads))));
        return follow(client, clock);
      },
    );
    return watch.trips();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
