import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openMicroStreet } from '@songxanh/micro';
import { loadScenario, readConfig, type Scenario } from '@songxanh/sumo-files';
import { parseSite } from '@songxanh/wire';
import { runLoops, type LoopControl } from './run-loops.ts';

/** A run that everybody has agreed on; whoever changes behaviour changes `golden.json`, and says why. */
interface GoldenRun {
  /** A `.sumocfg` of the project, or a network of the outside benchmark. */
  readonly scenario: string;
  readonly beginS: number;
  readonly seconds: number;
  readonly control: 'program' | LoopControl;
  readonly arrived: readonly [least: number, most: number];
  readonly meanDelayPerPersonS: readonly [least: number, most: number];
}

const ROOT = join(import.meta.dirname, '../../..');
const runs = JSON.parse(readFileSync(join(import.meta.dirname, 'golden.json'), 'utf8')) as readonly GoldenRun[];
const SEED = 1;

const load = async ({ scenario, beginS, seconds }: GoldenRun): Promise<Scenario> => {
  const file = join(ROOT, scenario);
  const files = file.endsWith('.sumocfg')
    ? await readConfig(file)
    : { net: `${file}.net.xml`, routes: [`${file}.rou.xml`], additional: [], stepLengthS: 1 };
  return loadScenario({ ...files, beginS, endS: beginS + seconds }, { parseSite, seed: SEED });
};

const measure = async (run: GoldenRun): Promise<{ arrived: number; meanDelayPerPersonS: number }> => {
  const scenario = await load(run);
  const street = openMicroStreet(scenario, SEED);
  if (!street.ok) throw new Error(street.message);
  const { simulation } = street.value;
  if (run.control === 'program') simulation.run();
  else runLoops(street.value, scenario, { control: run.control, sensing: 'detectors', planDelay: 'next-step' }, () => undefined);
  const { arrived, meanDelayPerPersonS } = simulation.kpis();
  return { arrived, meanDelayPerPersonS: Math.round(meanDelayPerPersonS * 10) / 10 };
};

const isThere = ({ scenario }: GoldenRun): boolean => existsSync(join(ROOT, scenario)) || existsSync(`${join(ROOT, scenario)}.net.xml`);
const nameOf = ({ scenario, control, seconds }: GoldenRun): string => `${scenario} under ${control}, ${String(seconds)} s`;

describe('golden runs stay within their bands (golden.json)', () => {
  const there = runs.filter(isThere).map((run) => [nameOf(run), run] as const);
  it.each(there)(
    '%s',
    async (_, run) => {
      const { arrived, meanDelayPerPersonS } = await measure(run);
      const within = (value: number, [least, most]: readonly [number, number]): boolean => value >= least && value <= most;
      const told = `arrived ${String(arrived)} (${run.arrived.join('…')}), delay ${String(meanDelayPerPersonS)} s (${run.meanDelayPerPersonS.join('…')})`;
      expect([told, within(arrived, run.arrived), within(meanDelayPerPersonS, run.meanDelayPerPersonS)]).toEqual([told, true, true]);
    },
    120_000,
  );

  const absent = runs.filter((run) => !isThere(run)).map((run) => [nameOf(run)] as const);
  if (absent.length > 0) it.skip.each(absent)('%s: its network is not beside this checkout', () => undefined);
});
