/**
 * Mean delay per person on the corridor: best fixed plans, engineer's plans and adaptive control, in our simulator and in SUMO.
 *
 *   npm run bench -- corridor [--hours 3] [--seeds 2,3,4,5,6] [--sim micro,sumo] [--control adaptive,…] [--parallel 2] [--keep]
 *
 * `--keep` adds to the recorded runs of the same length instead of replacing them.
 */
import { parseArgs } from 'node:util';
import { inParallel } from '../in-parallel.ts';
import { findRecorded, record, today } from '../results.ts';
import { findSearchedPlans } from './best-plans.ts';
import { CONTROLS, runCase, SIMULATORS, USUAL_CONTROLS, type CompareCase, type CompareResult } from './compare-case.ts';
import { perPerson } from './journeys.ts';
import { corridorFigure, corridorTable, entryTable } from './report.ts';

const { values } = parseArgs({
  options: {
    hours: { type: 'string', default: '3' },
    seeds: { type: 'string', default: '2,3,4,5,6' },
    sim: { type: 'string', default: SIMULATORS.join(',') },
    control: { type: 'string', default: USUAL_CONTROLS.join(',') },
    parallel: { type: 'string', default: '2' },
    keep: { type: 'boolean', default: false },
  },
});

const HOURS = Number(values.hours);
/** The whole morning has a name of its own, so that a quick run does not replace it. */
const NAME = HOURS >= 3 ? 'corridor' : 'corridor-quick';

interface Recorded {
  readonly date: string;
  readonly hours: number;
  readonly fixedPlans: string;
  readonly results: readonly CompareResult[];
}

const isSame = (a: CompareCase) => (b: CompareCase) => a.simulator === b.simulator && a.control === b.control && a.seed === b.seed;

const searched = findSearchedPlans();
const fixedPlans = searched ? `best of ${searched.evaluations} evaluations` : "the engineer's (no finished search recorded)";
const before = values.keep ? (JSON.parse(findRecorded(`${NAME}.json`) ?? 'null') as Recorded | null) : null;
const kept = before !== null && before.hours === HOURS && before.fixedPlans === fixedPlans ? before.results : [];

const chosen = <T extends string>(all: readonly T[], names: string): readonly T[] => all.filter((name) => names.split(',').includes(name));
const cases = values.seeds
  .split(',')
  .map(Number)
  .flatMap((seed) =>
    chosen(SIMULATORS, values.sim).flatMap((simulator) =>
      chosen(searched ? CONTROLS : CONTROLS.slice(1), values.control).map((control): CompareCase => ({
        simulator,
        control,
        seed,
        hours: HOURS,
      })),
    ),
  )
  .filter((one) => one.simulator === 'sumo' || one.control !== 'adaptive seeing all')
  .filter((one) => !kept.some(isSame(one)));

let results = [...kept];

const save = (): string => {
  const recorded: Recorded = { date: today(), hours: HOURS, fixedPlans, results };
  const caption = `Corridor, first ${values.hours} h of the morning; fixed plans: ${fixedPlans}; recorded ${recorded.date}.`;
  const text = `${caption}\n\n${corridorTable(results)}\nBy the edge of entry, s/person:\n\n${entryTable(results)}`;
  record(`${NAME}.json`, `${JSON.stringify(recorded, null, 1)}\n`);
  record(`${NAME}.md`, text);
  for (const simulator of SIMULATORS)
    if (results.some((result) => result.simulator === simulator)) record(`${NAME}-${simulator}.svg`, corridorFigure(results, simulator));
  return text;
};

await inParallel(cases, Math.min(2, Number(values.parallel)), async (one) => {
  const began = performance.now();
  const result = await runCase(one);
  results = [...results, result];
  save();
  const took = Math.round((performance.now() - began) / 1000);
  process.stderr.write(
    `${one.simulator}, ${one.control}, seed ${one.seed}: ${perPerson(result.summary).toFixed(1)} s/person (${took} s)\n`,
  );
});
process.stdout.write(`${save()}\n`);
