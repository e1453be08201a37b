import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Network, Result } from '@songxanh/core';
import { parseNetwork } from '../network/parse-network.ts';

/** Made by netconvert: signal C with four arms, sidewalks and crossings; the western arm has a two-lane stretch B–C behind a one-lane one. */
export const crossText = readFileSync(join(import.meta.dirname, '../../fixtures/cross.net.xml'), 'utf8');

export const valueOf = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.message);
  return result.value;
};

export const messageOf = (result: Result<unknown>): string => (result.ok ? 'accepted' : result.message);

export const cross = (): Network => valueOf(parseNetwork(crossText, 'cross.net.xml'));

const BENCHMARKS = join(import.meta.dirname, '../../../../../shared/benchmarks');

/** The published benchmark networks, where this checkout has them beside it. */
export const benchmarkFolders: readonly string[] = existsSync(BENCHMARKS)
  ? ['cologne', 'ingolstadt', 'synthetic'].flatMap((city) =>
      readdirSync(join(BENCHMARKS, city), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => join(BENCHMARKS, city, entry.name)),
    )
  : [];
