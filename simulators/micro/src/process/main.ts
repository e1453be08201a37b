import { address, choice, EdgeError, numeric, runProcess, serveStreet, speed, text, type StreetStep } from '@songxanh/platform';
import { FileFault, loadScenario, type Scenario } from '@songxanh/sumo-files';
import { parseSite } from '@songxanh/wire';
import { openMicroStreet } from './micro-street.ts';

const readScenario = async (file: string, seed: number): Promise<Scenario> => {
  try {
    return await loadScenario(file, { parseSite, seed });
  } catch (error) {
    throw error instanceof FileFault ? new EdgeError('bad-input', error.message) : error;
  }
};

await runProcess(
  'street',
  {
    scenario: text(),
    seed: numeric({ min: 0, max: 2 ** 31 - 1, whole: true }, 1),
    speed: speed(1),
    listen: address('127.0.0.1:0'),
    /** Wait with the first step until every signal has a cabinet, or begin at once under the network's own programs. */
    expect: choice(['all', 'none'], 'all'),
  },
  async (config, { log, onStop, stop }) => {
    const scenario = await readScenario(config.scenario, config.seed);
    const street = openMicroStreet(scenario, config.seed);
    if (!street.ok) throw new EdgeError('bad-input', `${config.scenario}: ${street.message}`);
    const report = (step: StreetStep): void => {
      log.trace({ at: step.now }, 'step');
    };
    const server = await serveStreet({
      street: street.value,
      listen: config.listen,
      speed: config.speed,
      expect: config.expect === 'all' ? [...scenario.sites.keys()] : [],
      onStep: report,
      log,
    });
    onStop(server.stop);
    log.info({ address: server.served.address, scenario: scenario.name, junctions: scenario.sites.size }, 'ready');
    await server.done;
    log.info({ kpis: street.value.simulation.kpis() }, 'scenario over');
    stop();
  },
);
