/**
 * Emergency vehicles over the corridor in the peak hour, each against the same street without preemption.
 *
 *   npm run bench -- emergency [--seeds 2,3,4,5,6] [--runs 20] [--keep]
 *
 * `--runs`: of each seed; `--keep` adds to the recorded runs.
 */
import { parseArgs } from 'node:util';
import { loadCorridor } from '../corridor/corridor.ts';
import { markdownTable } from '../markdown-table.ts';
import { findRecorded, record, today } from '../results.ts';
import { runEmergencies, type EmergencyRun, type Halt } from './emergency-run.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '2,3,4,5,6' },
    runs: { type: 'string', default: '20' },
    keep: { type: 'boolean', default: false },
  },
});

const BEGIN_S = 24_600;
/** 07:00–07:40, evenly: the morning's heaviest traffic. */
const FIRST_S = 25_200;
const LAST_S = 27_600;

interface Recorded {
  readonly date: string;
  readonly runs: readonly EmergencyRun[];
}
let runs = values.keep ? (JSON.parse(findRecorded('emergency.json') ?? '{"runs":[]}') as Recorded).runs : [];

const mean = (all: readonly number[]): string => (all.reduce((sum, one) => sum + one, 0) / Math.max(1, all.length)).toFixed(1);
const share = (part: number, whole: number): string =>
  `${((100 * part) / Math.max(1, whole)).toFixed(0)} % (${String(part)} of ${String(whole)})`;

/** By then a queue of the corridor's longest reds has begun to move to its end: whoever stands later is held by others than the signal. */
const MOVING_S = 20;
/** Farther from the stop line somebody stands before a bus at its stop, not in a queue. */
const MID_BLOCK_M = 150;

/** What the stops were before: the signal's share, and others'. */
const haltRows = (): (readonly [string, number])[] => {
  const halts = runs.flatMap((run) => run.halts);
  const isMid = ({ toM }: Halt): boolean => toM > MID_BLOCK_M;
  const isHeld = ({ greenS }: Halt): boolean => greenS === undefined || greenS < MOVING_S;
  return [
    ['stops before red, or green of less than 20 s', halts.filter((halt) => !isMid(halt) && isHeld(halt)).length],
    ['stops before green of 20 s or more, behind somebody who does not move', halts.filter((halt) => !isMid(halt) && !isHeld(halt)).length],
    ['stops between junctions', halts.filter(isMid).length],
  ];
};

const save = (): string => {
  const through = runs.filter(({ tookS }) => tookS !== undefined);
  const total = (read: (run: EmergencyRun) => number): number => runs.reduce((sum, run) => sum + read(run), 0);
  const rows = [
    ['runs', runs.length],
    ['without a stop', share(runs.filter(({ stops, tookS }) => stops === 0 && tookS !== undefined).length, runs.length)],
    ['without a stop, as any other vehicle', share(runs.filter(({ usualStops }) => usualStops === 0).length, runs.length)],
    ['stops of a run', mean(runs.map(({ stops }) => stops))],
    ...haltRows(),
    ['stops of a run, as any other vehicle', mean(runs.map(({ usualStops }) => usualStops))],
    ['over the corridor, s', mean(through.map(({ tookS }) => tookS ?? 0))],
    ['over the corridor as any other vehicle, s', mean(runs.flatMap(({ usualS }) => usualS ?? []))],
    ['short greens and short intergreens', total(({ breaches }) => breaches)],
    [
      'junctions whose queue is back within three cycles',
      share(
        total(({ back }) => back),
        total(({ passed }) => passed),
      ),
    ],
    ['runs in which all are', share(runs.filter(({ back, passed }) => back === passed && passed > 0).length, runs.length)],
  ];
  const seeds = [...new Set(runs.map(({ seed }) => seed))].sort((a, b) => a - b).join(', ');
  const caption = `Corridor, our simulator, departures 07:00–07:40 both ways, seeds ${seeds}; positions every 2 s, 2 s late; recorded ${today()}.`;
  const text = `${caption}\n\n${markdownTable(['measure', 'value'], rows)}`;
  record('emergency.json', `${JSON.stringify({ date: today(), runs } satisfies Recorded)}\n`);
  record('emergency.md', text);
  return text;
};

for (const seed of values.seeds.split(',').map(Number)) {
  if (runs.some((run) => run.seed === seed)) continue;
  const scenario = await loadCorridor(seed);
  const gapS = Math.floor((LAST_S - FIRST_S) / Number(values.runs));
  const departs = Array.from({ length: Number(values.runs) }, (_, i) => FIRST_S + i * gapS);
  const cut = { ...scenario, files: { ...scenario.files, beginS: BEGIN_S, endS: LAST_S + 1200 } };
  await runEmergencies(cut, seed, departs, (run) => {
    runs = [...runs, run];
    save();
    process.stderr.write(`${JSON.stringify(run)}\n`);
  });
}
process.stdout.write(`${save()}\n`);
process.exit(0);
