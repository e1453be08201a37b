import { existsSync } from 'node:fs';
import { join } from 'node:path';

export interface BenchNetwork {
  readonly name: string;
  readonly net: string;
  readonly routes: string;
  readonly beginS: number;
  readonly endS: number;
  /** Yellow and grid of the outside benchmark's regimes, s. */
  readonly yellowS: number;
  readonly gridStepS: number;
  /** Published or measured with the network's own program, s/veh: what our runner must reproduce. */
  readonly knownFixedS: number;
}

const ROOT = join(import.meta.dirname, '../../../../shared/benchmarks');

const network = (
  folder: string,
  name: string,
  beginS: number,
  knownFixedS: number,
  routes = `${name}.rou.xml`,
  yellowS = 3,
  gridStepS = 10,
): BenchNetwork => ({
  name,
  net: join(ROOT, folder, name, `${name}.net.xml`),
  routes: join(ROOT, folder, name, routes),
  beginS,
  endS: beginS + 3600,
  yellowS,
  gridStepS,
  knownFixedS,
});

/** The seven networks of the outside benchmark (RESCO), where the shared data is there. */
export const NETWORKS: readonly BenchNetwork[] = [
  network('cologne', 'cologne1', 25200, 58.8),
  network('cologne', 'cologne3', 25200, 41.4),
  network('cologne', 'cologne8', 25200, 64.1),
  network('ingolstadt', 'ingolstadt1', 57600, 40.6),
  network('ingolstadt', 'ingolstadt7', 57600, 88.0),
  network('synthetic', 'grid4x4', 0, 93.8, 'grid4x4_1.rou.xml'),
  network('synthetic', 'arterial4x4', 0, 1474, 'arterial4x4_1.rou.xml', 2, 5),
].filter(({ net }) => existsSync(net));
