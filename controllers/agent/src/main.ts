import { createSimulatedDriver } from '@songxanh/drivers';
import { address, EdgeError, list, numeric, optionalAddress, optionalText, readFiles, runProcess, serve, text } from '@songxanh/platform';
import { parseSite } from '@songxanh/wire';
import { buildAgent } from './agent.ts';
import { openCountdownLog, openSignalLog } from './logs.ts';

await runProcess(
  'agent',
  {
    name: text('agent'),
    /** Site files, or folders of them. */
    sites: list(),
    /** Those of the junctions that are this agent's; all when empty. */
    junctions: list([]),
    /** Where it answers the question whether it is well; nothing else is served. */
    listen: address('127.0.0.1:0'),
    cabinet: address(),
    detectors: optionalAddress(),
    optimizers: list([]),
    gateway: optionalAddress(),
    awaitCentreMs: numeric({ min: 0, max: 600_000, whole: true }, 10_000),
    countdownLog: optionalText(),
    signalLog: optionalText(),
  },
  async (config, { log, onStop }) => {
    const all = await readFiles(config.sites, '.site.json', parseSite);
    const unknown = config.junctions.find((j) => !all.some((site) => site.id === j));
    if (unknown !== undefined)
      throw new EdgeError('bad-config', `--junctions names "${unknown}": expected one of ${all.map((site) => site.id).join(', ')}`);
    const sites = config.junctions.length === 0 ? all : all.filter((site) => config.junctions.includes(site.id));
    const logs = [
      ...(config.signalLog === undefined ? [] : [openSignalLog(config.signalLog)]),
      ...(config.countdownLog === undefined ? [] : [openCountdownLog(config.countdownLog, sites)]),
    ];
    const driver = createSimulatedDriver({ agent: config.name, cabinet: config.cabinet, junctions: sites.map((s) => s.id), log });
    const served = await serve(config.listen, {});
    onStop(served.stop);
    const agent = buildAgent({ ...config, sites, driver, logs, log });
    onStop(agent.stop);
    log.info({ junctions: sites.length }, 'ready');
    await agent.start();
  },
);
