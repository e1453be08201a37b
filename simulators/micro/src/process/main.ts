import { address, choice, EdgeError, numeric, openSignalLog, optionalText, runProcess, serveStreet, speed, text } from '@songxanh/platform';
import { FileFault, loadScenario, type Scenario } from '@songxanh/sumo-files';
import { openStreetWindow } from '@songxanh/store';
import { parseSite } from '@songxanh/wire';
import { openMicroStreet } from './micro-street.ts';
import { classesOf, streetMessage } from './street-message.ts';

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
    /** File for what every lamp shows. */
    signalLog: optionalText(),
  },
  async (config, { log, onStop, stop }) => {
    const scenario = await readScenario(config.scenario, config.seed);
    const street = openMicroStreet(scenario, config.seed);
    if (!street.ok) throw new EdgeError('bad-input', `${config.scenario}: ${street.message}`);
    const { simulation } = street.value;
    const window =
      config.redis === undefined
        ? undefined
        : openStreetWindow(config.redis, config.listen, (closed) => {
            simulation.fence(closed);
          });
    onStop(() => window?.close());
    const classes = classesOf(simulation, scenario.demand);
    const signalLog = config.signalLog === undefined ? undefined : openSignalLog(config.signalLog);
    onStop(() => signalLog?.close());
    const server = await serveStreet({
      street: street.value,
      listen: config.listen,
      speed: config.speed,
      expect: config.expect === 'all' ? [...scenario.sites.keys()] : [],
      onStep: ({ now }) => window?.show(() => streetMessage(simulation, classes, now)),
      signalLog,
      log,
    });
    onStop(server.stop);
    log.info({ address: server.served.address, scenario: scenario.name, junctions: scenario.sites.size }, 'ready');
    await server.done;
    log.info({ kpis: simulation.kpis() }, 'scenario over');
    stop();
  },
);
