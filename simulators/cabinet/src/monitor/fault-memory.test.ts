import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFaultMemory } from './fault-memory.ts';

describe("the monitors' memory", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'songxanh-faults-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('knows a latched fault when it is opened again, of that junction only, whatever its name', () => {
    openFaultMemory(folder).keep('x/1', 'conflict: a and b');
    const again = openFaultMemory(folder);
    expect(again.read('x/1')).toBe('conflict: a and b');
    expect(again.read('x')).toBeUndefined();
  });

  it('forgets it when it is reset', () => {
    const memory = openFaultMemory(folder);
    memory.keep('X', 'red-failure');
    memory.keep('X', undefined);
    expect(memory.read('X')).toBeUndefined();
    expect(readdirSync(folder)).toEqual([]);
  });
});
