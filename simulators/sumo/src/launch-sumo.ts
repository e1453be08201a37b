import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';

export interface SumoRun {
  readonly net: string;
  readonly routes: readonly string[];
  readonly additional: readonly string[];
  readonly beginS: number;
  readonly endS: number;
  readonly seed: number;
  readonly tripinfo?: string;
  readonly lateralResolutionM?: number;
  /** Absent: SUMO runs by itself, without a client. */
  readonly port?: number;
  /** Program to start; `sumo` on the PATH where absent. */
  readonly sumo?: string;
  /** Further options as they are. */
  readonly extra?: readonly string[];
}

export interface RunningSumo {
  /** Settles when SUMO has ended; fails with its messages when it ended badly. */
  readonly ended: Promise<void>;
  stop(): void;
}

/** A port nobody listens on at the moment. */
export const findFreePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });

/** The strict flags of the outside benchmark: no teleporting, unfinished trips written, no warm-up. */
export const sumoArguments = (run: SumoRun): readonly string[] => [
  ...['--net-file', run.net, '--route-files', run.routes.join(','), '--step-length', '1'],
  ...(run.additional.length > 0 ? ['--additional-files', run.additional.join(',')] : []),
  ...['--time-to-teleport', '-1', '--no-step-log', 'true', '--no-warnings', 'true', '--xml-validation', 'never'],
  ...['--seed', `${run.seed}`, '--begin', `${run.beginS}`, '--end', `${run.endS}`],
  ...(run.tripinfo === undefined ? [] : ['--tripinfo-output', run.tripinfo, '--tripinfo-output.write-unfinished']),
  ...(run.lateralResolutionM === undefined ? [] : ['--lateral-resolution', `${run.lateralResolutionM}`]),
  ...(run.port === undefined ? [] : ['--remote-port', `${run.port}`]),
  ...(run.extra ?? []),
];

/** Starts SUMO; the caller connects to `run.port`. */
export const launchSumo = (run: SumoRun): RunningSumo => {
  const child = spawn(run.sumo ?? 'sumo', sumoArguments(run), { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4000);
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', (error) => {
      reject(new Error(`SUMO could not be started: ${error.message}`));
    });
    child.once('exit', (code, signal) => {
      if (code === 0 || signal === 'SIGTERM') resolve();
      else reject(new Error(`SUMO ended with ${code ?? signal}: ${said.trim()}`));
    });
  });
  // Whoever awaits `ended` still gets the failure; nobody doing so must not end the process.
  ended.catch(() => undefined);
  return { ended, stop: () => void child.kill('SIGTERM') };
};
