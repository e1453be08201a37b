import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Playbook, Site } from '@songxanh/core';
import { EdgeError } from '@songxanh/platform';
import { nameJunctions, parsePlaybooks } from '@songxanh/wire';

/** Scripts that name no junction and fit every city. */
const DEFAULT = join(import.meta.dirname, '..', '..', 'playbooks', 'default.json');

export const readPlaybooks = (file: string | undefined, sites: readonly Site[]): readonly Playbook[] => {
  const from = file ?? DEFAULT;
  if (!existsSync(from)) throw new EdgeError('bad-config', `${from}: expected a file of playbooks`);
  const parsed = parsePlaybooks(
    readFileSync(from, 'utf8'),
    from,
    sites.map(({ id }) => id),
  );
  if (!parsed.ok) throw new EdgeError('bad-input', parsed.message);
  return nameJunctions(parsed.value, (junction) => sites.find(({ id }) => id === junction)?.name || junction);
};
