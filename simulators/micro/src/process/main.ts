import { address, choice, EdgeError, numeric, optionalText, runProcess, serveStreet, speed, text } from '@songxanh/platform';
import { FileFault, loadScenario, type Scenario } from '@songxanh/sumo-files';
import { parseSite } from '@songxanh/wire';
import { openMicroStreet } from './micro-street.ts';
import { openStreetPublisher } from './street-publisher.ts';

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
    /** Where the street shows itself to the page; nowhere when absent. */
    redis: optionalText(),
    /** Wait with the first step until every signal has a cabinet, or begin at once under the network's own programs. */
    expect: choice(['all', 'none'], 'all'),
  },
  async (config, { log, onStop, stop }) => {
    const scenario = await readScenario(config.scenario, config.seed);
    const street = openMicroStreet(scenario, config.seed);
    if (!street.ok) throw new EdgeError('bad-input', `${config.scenario}: ${street.message}`);
    const { simulation } = street.value;
    const publisher =
      config.redis === undefined
        ? undefined
        : openStreetPublisher({ redis: config.redis, address: config.listen, simulation, demand: scenario.demand });
    onStop(() => publisher?.close());
    const server = await serveStreet({
      street: street.value,
      listen: config.listen,
      speed: config.speed,
      expect: config.expect === 'all' ? [...scenario.sites.keys()] : [],
      onStep: ({ now }) => publisher?.publish(now),
      log,
    });
    onStop(server.stop);
    log.info({ address: server.served.address, scenario: scenario.name, junctions: scenario.sites.size }, 'ready');
    await server.done;
    log.info({ kpis: simulation.kpis() }, 'scenario over');
    stop();
  },
);
