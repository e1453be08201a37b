import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProcessSpec } from './child.ts';
import { supervise, type Supervisor } from './supervise.ts';

jest.setTimeout(60_000);

describe('a supervised process', () => {
  let folder: string;
  let supervisor: Supervisor;
  let said: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'songxanh-supervise-'));
    mkdirSync(join(folder, 'logs'));
    said = [];
  });
  afterEach(async () => {
    await supervisor.stop();
    rmSync(folder, { recursive: true });
  });

  const pid = (): number | undefined =>
    (JSON.parse(readFileSync(join(folder, 'processes.json'), 'utf8')) as Record<string, number>)['worker'];
  const eventually = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  const startWorker = async (isHealthy: () => boolean): Promise<number> => {
    const spec: ProcessSpec = {
      ...{ name: 'worker', command: process.execPath, args: ['-e', 'setInterval(() => undefined, 1000)'], mayEnd: false },
      isHealthy: () => Promise.resolve(isHealthy()),
    };
    supervisor = supervise([[spec]], { runFolder: folder, say: (line) => said.push(line), onEnded: () => undefined, hungAfterMs: 300 });
    await supervisor.start();
    return pid()!;
  };

  it('that is lost is started again', async () => {
    const first = await startWorker(() => true);
    process.kill(first, 'SIGKILL');
    await eventually(() => pid() !== first);
    expect(said).toEqual([expect.stringMatching(/^worker was lost \(SIGKILL\); starting it again/)]);
  });

  it('that lives but no longer answers is cut off and started again', async () => {
    let answers = true;
    const first = await startWorker(() => answers);
    // It has to be seen well once: one that never was may still be starting.
    await new Promise((resolve) => setTimeout(resolve, 200));
    answers = false;
    await eventually(() => pid() !== first);
    expect(said[0]).toBe('worker does not answer; cutting it off');
  });
});
