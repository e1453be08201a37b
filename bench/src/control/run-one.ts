import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort, launchSumo } from '@songxanh/sumo-street';
import { writeActuated, writeLoops, writeStateSaver } from './controllers.ts';
import type { BenchNetwork } from './networks.ts';
import { checkTlsStates, readSignalNetwork, readTlsStates, type TlsVerdict } from './tls-check.ts';
import { measureRun, type RunMeasures } from './tripinfo.ts';

/** `fixed` and `actuated` are SUMO's own; the others are driven from outside by `songxanh drive`. */
export type BenchController = 'fixed' | 'actuated' | 'adaptive' | 'max-pressure';

export interface BenchCase {
  readonly network: BenchNetwork;
  readonly seed: number;
  readonly controller: BenchController;
  readonly timing: 'fine' | 'grid';
  readonly sensing: 'vehicles' | 'detectors';
  /** What countdown displays promise, and so how far ahead adaptive control is bound. */
  readonly countdown: 'none' | 'tail' | 'full';
}

export interface BenchResult extends RunMeasures {
  readonly verdict: TlsVerdict;
}

const ROOT = join(import.meta.dirname, '../../..');
/** Minimum green of both timing regimes, s. */
const MIN_GREEN_S = 5;

/** One hour of one network under one controller, as the outside judge runs it. */
export const runOne = async (one: BenchCase): Promise<BenchResult> => {
  const { network, seed, controller, sensing } = one;
  const folder = mkdtempSync(join(tmpdir(), 'bench-control-'));
  try {
    const tripinfo = join(folder, 'tripinfo.xml');
    const states = join(folder, 'states.xml');
    const driven = controller === 'adaptive' || controller === 'max-pressure';
    const loops = driven && sensing === 'detectors' ? [await writeLoops(network.net, folder)] : [];
    const actuated = controller === 'actuated' ? [writeActuated(network.net, folder)] : [];
    const port = driven ? await findFreePort() : undefined;
    const sumo = launchSumo({
      ...network,
      routes: [network.routes],
      additional: [writeStateSaver(folder, states), ...loops, ...actuated],
      seed,
      tripinfo,
      ...(port === undefined ? {} : { port }),
    });
    if (port !== undefined) {
      await driveIt(port, one, loops[0]).catch((error: unknown) => {
        sumo.stop();
        throw error;
      });
    }
    await sumo.ended;
    const limits = { minGreenS: MIN_GREEN_S, yellowS: network.yellowS };
    return {
      ...measureRun(tripinfo, [network.routes], network.beginS, network.endS),
      verdict: checkTlsStates(readSignalNetwork(readFileSync(network.net, 'utf8')), readTlsStates(readFileSync(states, 'utf8')), limits),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** The command line itself is what is judged, so it runs as a process of its own. */
const driveIt = (
  port: number,
  { network, controller, timing, sensing, countdown }: BenchCase,
  detectors: string | undefined,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const options: Record<string, string | number> = {
      traci: `127.0.0.1:${port}`,
      net: network.net,
      end: network.endS,
      timing,
      sensing,
      control: controller,
      countdown,
      yellow: network.yellowS,
      'min-green': MIN_GREEN_S,
      'grid-step': network.gridStepS,
      report: '/dev/null',
      ...(detectors === undefined ? {} : { detectors }),
    };
    const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`]);
    const child = spawn(process.execPath, ['--conditions=source', '--import', 'tsx', 'cli/src/main.ts', 'drive', ...flags], {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4000);
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`songxanh drive ended with ${code}: ${said}`));
    });
  });
