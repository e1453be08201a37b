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
  readonly known: KnownDelays;
}

/** Mean delay in s per vehicle as others measured it, and what we aim at. */
export interface KnownDelays {
  /** The network's own program and SUMO's actuated control, SUMO 1.15: what our runner must reproduce. */
  readonly fixed: number;
  readonly actuated: number;
  /** Median of the published runs. */
  readonly maxWave: number;
  readonly maxPressure: number;
  /** Best episode of the best learning method. */
  readonly learning: number;
  readonly learningMethod: string;
  /** At most this, by timing and sensing regime. */
  readonly target: Readonly<Partial<Record<`${'fine' | 'grid'} ${'vehicles' | 'detectors'}`, number>>>;
}

/**
 * Max-wave, max-pressure and learning: Ault and Sharon, "Reinforcement Learning Benchmarks for Traffic Signal Control" (RESCO), NeurIPS 2021
 * Datasets and Benchmarks. Fixed and actuated: SUMO 1.15 with the flags of `sumoArguments`.
 */
export const CITATION = 'RESCO (Ault and Sharon, NeurIPS 2021 Datasets and Benchmarks); learning: best training episode';

const ROOT = join(import.meta.dirname, '../../../../shared/benchmarks');

const known = (
  [fixed, actuated, maxWave, maxPressure]: readonly [number, number, number, number],
  [learning, learningMethod]: readonly [number, string],
  [fineVehicles, fineDetectors, gridVehicles]: readonly [number, number, number],
): KnownDelays => ({
  ...{ fixed, actuated, maxWave, maxPressure, learning, learningMethod },
  target: { 'fine vehicles': fineVehicles, 'fine detectors': fineDetectors, 'grid vehicles': gridVehicles },
});

const network = (
  folder: string,
  name: string,
  beginS: number,
  delays: KnownDelays,
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
  known: delays,
});

/** The seven networks of the outside benchmark (RESCO), where the shared data is there. */
export const NETWORKS: readonly BenchNetwork[] = [
  network('cologne', 'cologne1', 25200, known([58.8, 97.3, 28.0, 31.1], [26.05, 'IDQN'], [17.5, 26, 26])),
  network('cologne', 'cologne3', 25200, known([41.4, 102.8, 22.1, 30.0], [23.99, 'IDQN'], [16, 22, 21])),
  network('cologne', 'cologne8', 25200, known([64.1, 48.6, 21.9, 29.7], [21.62, 'IPPO'], [15, 19.5, 20])),
  network('ingolstadt', 'ingolstadt1', 57600, known([40.6, 29.5, 28.0, 23.6], [20.9, 'IPPO'], [18, 22.5, 20.5])),
  network('ingolstadt', 'ingolstadt7', 57600, known([88.0, 42.1, 80.3, 46.6], [31.19, 'IDQN'], [21.5, 27, 30])),
  network('synthetic', 'grid4x4', 0, known([93.8, 71.8, 34.5, 52.5], [32.95, 'IDQN'], [16.5, 21, 28]), 'grid4x4_1.rou.xml'),
  network('synthetic', 'arterial4x4', 0, known([1474, 777.7, 711, 969], [654, 'FMA2C'], [500, 600, 620]), 'arterial4x4_1.rou.xml', 2, 5),
].filter(({ net }) => existsSync(net));
