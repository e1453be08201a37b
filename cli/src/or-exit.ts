import { FileFault } from '@songxanh/sumo-files';
import { TraciConnectionError } from '@songxanh/traci';
import { UsageFault } from './usage-fault.ts';

/** A command's action that answers unusable input with one message and exit code 2; bugs stay bugs. */
export const orExit =
  <Args extends unknown[]>(command: string, act: (...args: Args) => Promise<void>) =>
  async (...args: Args): Promise<void> => {
    try {
      await act(...args);
    } catch (error) {
      if (!(error instanceof UsageFault || error instanceof FileFault || error instanceof TraciConnectionError)) throw error;
      process.stderr.write(`songxanh ${command}: ${error.message}\n`);
      process.exitCode = 2;
    }
  };
