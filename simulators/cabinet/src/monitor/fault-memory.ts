import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the monitors keep without power: a latched fault outlives the process. */
export interface FaultMemory {
  readonly read: (junction: string) => string | undefined;
  /** Undefined once a person has reset it. On the disk before the lamps show anything of it. */
  readonly keep: (junction: string, fault: string | undefined) => void;
}

export const FORGETFUL: FaultMemory = { read: () => undefined, keep: () => undefined };

/** One file per latched fault in `folder`; none there, none latched. */
export const openFaultMemory = (folder: string): FaultMemory => {
  mkdirSync(folder, { recursive: true });
  const fileOf = (junction: string): string => join(folder, `${encodeURIComponent(junction)}.fault`);
  return {
    read: (junction) => {
      try {
        return readFileSync(fileOf(junction), 'utf8').trim();
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    keep: (junction, fault) => {
      if (fault === undefined) rmSync(fileOf(junction), { force: true });
      else writeFileSync(fileOf(junction), `${fault}\n`);
    },
  };
};
