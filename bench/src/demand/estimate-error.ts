/**
 * How far the demand that loops tell is from the truth in our simulator: every junction under its fixed plan, every lane and second.
 *
 *   npx tsx --conditions=source bench/src/demand/estimate-error.ts [--scenarios corridor,one-junction,cologne8,ingolstadt7] [--minutes 20] [--seed 3]
 */
import { before, fixedTimePlanner, loopStep, seconds, startLoop, type DetectorActuation, type Site } from '@songxanh/core';
import { openMicroStreet } from '@songxanh/micro';
import { loadScenario, readConfig, type Scenario } from '@songxanh/sumo-files';
import { parseSite } from '@songxanh/wire';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { compareLane, meanOf, type LaneError, type LaneSecond } from './lane-error.ts';
import { watchPassages } from './passages.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
/** Where a run begins, scenario seconds: a busy hour. */
const SCENARIOS: Readonly<Record<string, { readonly file: string; readonly beginS: number }>> = {
  corridor: { file: `${ROOT}/scenarios/corridor/corridor.sumocfg`, beginS: 26_400 },
  'one-junction': { file: `${ROOT}/scenarios/one-junction/one-junction.sumocfg`, beginS: 0 },
  cologne8: { file: `${ROOT}/../shared/benchmarks/cologne/cologne8/cologne8.sumocfg`, beginS: 25_200 },
  ingolstadt7: { file: `${ROOT}/../shared/benchmarks/ingolstadt/ingolstadt7/ingolstadt7.sumocfg`, beginS: 57_600 },
};
/** The street fills first, and who is still on the way at the end is not known to the truth. */
const WARM_UP_S = 300;
const OPEN_END_S = 180;

const load = async (name: string, minutes: number, seed: number): Promise<Scenario> => {
  const { file, beginS } = SCENARIOS[name]!;
  const files = await readConfig(file);
  const begin = Math.max(beginS, files.beginS);
  const scenario = await loadScenario(file, { parseSite, seed });
  return { ...scenario, files: { ...files, beginS: begin, endS: begin + minutes * 60 } };
};

const measure = (scenario: Scenario, seed: number): readonly LaneError[] => {
  const opened = openMicroStreet(scenario, seed);
  if (!opened.ok) throw new Error(opened.message);
  const { simulation, begin, step } = opened.value;
  const sites: readonly Site[] = [...scenario.sites.values()];
  const truth = watchPassages(simulation, new Map(sites.flatMap((site) => site.lanes.map(({ id, speedMps }) => [id, speedMps]))));
  const loops = sites.map((site) => ({
    site,
    state: startLoop(site, before(begin, seconds(1)), { planner: fixedTimePlanner(), sensing: 'detectors', planDelay: 'next-step' }),
  }));
  const seen = new Map<string, LaneSecond[]>(sites.flatMap((site) => site.lanes.map(({ id }) => [id, []])));
  let now = begin;
  let inputs: ReadonlyMap<string, readonly DetectorActuation[]> = new Map();
  for (let ended = false; !ended;) {
    for (const loop of loops) {
      const { state, report, demand } = loopStep(loop.state, { now, actuations: inputs.get(loop.site.id) ?? [] });
      loop.state = state;
      simulation.setHeads(loop.site.id, report.heads);
      for (const lane of demand.lanes) {
        const groups = loop.site.movements.filter((m) => m.fromLane === lane.lane).map((m) => m.group);
        const lamps = report.lamps.filter(({ group }) => groups.includes(group));
        const free = lamps.length > 0 && lamps.every(({ lamp, since }) => lamp === 'green' && now - since >= 3000);
        const queue = lane.arrivals.filter(({ at }) => at <= now);
        const coming = lane.arrivals.filter(({ at }) => at > now && at <= now + 30_000);
        seen.get(lane.lane)!.push({
          atS: (now - scenario.midnight) / 1000,
          queuePcu: queue.reduce((sum, { pcu }) => sum + pcu, 0),
          queuePersons: queue.reduce((sum, { persons }) => sum + persons, 0),
          comingPcu: coming.reduce((sum, { pcu }) => sum + pcu, 0),
          comingPersons: coming.reduce((sum, { persons }) => sum + persons, 0),
          saturationPcuPerS: lane.saturationPcuPerS,
          free,
        });
      }
    }
    ({ now, inputs, ended } = step(new Map()));
    truth.look();
  }
  const { beginS, endS } = scenario.files;
  const passages = truth.passages();
  return [...seen].map(([lane, estimates]) =>
    compareLane(
      lane,
      estimates.filter(({ atS }) => atS >= beginS + WARM_UP_S && atS < endS - OPEN_END_S),
      passages.filter((passage) => passage.lane === lane),
    ),
  );
};

const { values } = parseArgs({
  options: {
    scenarios: { type: 'string', default: Object.keys(SCENARIOS).join(',') },
    minutes: { type: 'string', default: '20' },
    seed: { type: 'string', default: '3' },
    lanes: { type: 'boolean', default: false },
  },
});
const QUANTITIES = ['queuePcu', 'queuePersons', 'comingPcu', 'comingPersons', 'saturationPcuPerS', 'clearS'] as const;
const two = (x: number): string => x.toFixed(2);
for (const name of values.scenarios.split(',')) {
  if (!SCENARIOS[name] || !existsSync(SCENARIOS[name].file)) {
    process.stdout.write(`${name}: skipped, no ${SCENARIOS[name]?.file ?? 'such scenario'}\n`);
    continue;
  }
  const errors = measure(await load(name, Number(values.minutes), Number(values.seed)), Number(values.seed));
  process.stdout.write(`\n## ${name}\n| quantity | truth | bias | RMS |\n|---|---|---|---|\n`);
  for (const quantity of QUANTITIES) {
    const { truth, bias, rms } = meanOf(errors.map((error) => error[quantity]));
    process.stdout.write(`| ${quantity} | ${two(truth)} | ${two(bias)} | ${two(rms)} |\n`);
  }
  if (values.lanes) {
    for (const error of errors)
      process.stdout.write(
        `${error.lane}: ${QUANTITIES.map((q) => `${q} ${two(error[q].truth)}${error[q].bias >= 0 ? '+' : ''}${two(error[q].bias)}`).join('  ')}\n`,
      );
  }
}
