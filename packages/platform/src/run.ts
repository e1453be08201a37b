import { createLog, type Log } from './log.ts';
import { EdgeError } from './errors.ts';
import { readConfig, type Config, type Setting } from './config.ts';

export interface Running {
  readonly log: Log;
  /** Opened resources close in reverse order of these calls when the process is told to stop. */
  readonly onStop: (close: () => Promise<void> | void) => void;
  /** Stop as if told to: the work is over. */
  readonly stop: () => void;
}

/** Wall time a process may take to stop before it is cut off. */
const STOP_WITHIN_MS = 5000;

/** Closes in reverse order; a closer that fails does not keep the others open. */
export const closeAll = async (closers: readonly (() => Promise<void> | void)[], log: Log): Promise<void> => {
  for (const close of [...closers].reverse()) {
    try {
      await close();
    } catch (error) {
      log.error({ err: error }, 'could not close');
    }
  }
};

/**
 * The life of a process: settings, start, stop on SIGINT/SIGTERM. Exit codes: 0 stopped, 2 bad input (one message on stderr),
 * 1 a bug (logged; the process stops, its supervisor starts a new one).
 */
export const runProcess = async <const S extends Readonly<Record<string, Setting<unknown>>>>(
  name: string,
  settings: S,
  start: (config: Config<S>, running: Running) => Promise<void>,
): Promise<void> => {
  const log = createLog(name);
  const closers: (() => Promise<void> | void)[] = [];
  let stopping = false;
  const end = (code: number): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(code === 0 ? 1 : code), STOP_WITHIN_MS).unref();
    void closeAll(closers, log).then(() => process.exit(code));
  };
  const crash = (error: unknown): void => {
    if (error instanceof EdgeError && (error.code === 'bad-config' || error.code === 'bad-input')) {
      process.stderr.write(`${name}: ${error.message}\n`);
      end(2);
      return;
    }
    log.fatal({ err: error }, 'stopped by a bug');
    end(1);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  process.on('SIGINT', () => {
    end(0);
  });
  process.on('SIGTERM', () => {
    end(0);
  });
  // A supervisor that dies (however) closes our input: nobody is left behind.
  if (process.env['SONGXANH_SUPERVISED'] === '1') {
    process.stdin.on('end', () => {
      end(0);
    });
    process.stdin.resume();
  }
  try {
    const config = readConfig(settings, process.argv.slice(2), process.env);
    const running: Running = {
      log,
      onStop: (close) => void closers.push(close),
      stop: () => {
        end(0);
      },
    };
    await start(config, running);
  } catch (error) {
    crash(error);
  }
};
