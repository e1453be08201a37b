import { EdgeError } from '@songxanh/platform';
import type { Scenario } from '@songxanh/sumo-files';
import { FileFault, loadScenario } from '@songxanh/sumo-files';
import { parseSite } from '@songxanh/wire';

/** The scenario whose streets the map shows; a bad file is the caller's mistake, in one message. */
export const readMapSource = async (file: string): Promise<Scenario> => {
  try {
    return await loadScenario(file, { parseSite });
  } catch (error) {
    if (error instanceof FileFault) throw new EdgeError('bad-input', error.message);
    throw error;
  }
};
