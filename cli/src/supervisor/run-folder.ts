import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Site } from '@songxanh/core';
import { encodeSite } from '@songxanh/wire';

/** Beside the folders of the runs, because people and their deeds outlive a run. */
export const ACCOUNTS_FILE = 'accounts.json';
const JOURNAL_FILE = 'journal.jsonl';

export interface RunFolder {
  readonly path: string;
  readonly accounts: string;
  /** The audit log. */
  readonly journal: string;
  /** What the page was told, minute by minute. */
  readonly recording: string;
  readonly sites: string;
  readonly redis: string;
  readonly tokenFile: string;
  readonly token: string;
  /** With which the priority service, and nobody else, gives emergency preemption. */
  readonly preemptionTokenFile: string;
}

/** Ids may hold any character; a file name may not. */
export const siteFileOf = (id: string): string => `${encodeURIComponent(id)}.site.json`;

/** Fills `path` with what the processes of a run share: a copy of every site, and the tokens for writes, which only the owner may read. */
export const fillRunFolder = (path: string, sites: readonly Site[]): RunFolder => {
  const folder = {
    path,
    accounts: join(path, '..', ACCOUNTS_FILE),
    journal: join(path, '..', JOURNAL_FILE),
    recording: join(path, 'recording'),
    sites: join(path, 'sites'),
    redis: join(path, 'redis'),
    tokenFile: join(path, 'token'),
    preemptionTokenFile: join(path, 'preemption-token'),
  };
  for (const sub of [folder.sites, folder.redis, join(path, 'logs')]) mkdirSync(sub, { recursive: true });
  for (const site of sites) writeFileSync(join(folder.sites, siteFileOf(site.id)), `${JSON.stringify(encodeSite(site), null, 2)}\n`);
  const writeToken = (file: string): string => {
    const token = randomBytes(24).toString('hex');
    writeFileSync(file, `${token}\n`, { mode: 0o600 });
    return token;
  };
  writeToken(folder.preemptionTokenFile);
  const token = writeToken(folder.tokenFile);
  return { ...folder, token };
};

/** A fresh folder for one run. */
export const makeRunFolder = (parent: string, name: string, sites: readonly Site[]): RunFolder => {
  mkdirSync(parent, { recursive: true });
  return fillRunFolder(resolve(mkdtempSync(join(parent, `${name}-`))), sites);
};

/** Redis' data is of no use after an orderly end; logs and sites are. */
export const tidyRunFolder = (folder: RunFolder): void => {
  rmSync(folder.redis, { recursive: true, force: true });
};
