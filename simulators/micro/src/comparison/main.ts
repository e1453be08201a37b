import { EdgeError, numeric, runProcess, text } from '@songxanh/platform';
import type { ClosuresMessage, StreetMessage } from '@songxanh/store';
import { channels, openStore, publishLive, subscribeLive } from '@songxanh/store';
import { FileFault, loadScenario } from '@songxanh/sumo-files';
import { parseSite } from '@songxanh/wire';
import { liveKpis } from '../process/street-message.ts';
import type { FixedStreet } from './fixed-street.ts';
import { openFixedStreet } from './fixed-street.ts';

/** Wall time the second street may take in one go before messages get their turn. */
const SLICE_MS = 20;

await runProcess(
  'comparison',
  { scenario: text(), seed: numeric({ min: 0, max: 2 ** 31 - 1, whole: true }, 1), redis: text() },
  async (config, { log, onStop }) => {
    const scenario = await loadScenario(config.scenario, { parseSite, seed: config.seed }).catch((error: unknown) => {
      throw error instanceof FileFault ? new EdgeError('bad-input', error.message) : error;
    });
    const open = (): FixedStreet => {
      const street = openFixedStreet(scenario, config.seed);
      if (!street.ok) throw new EdgeError('bad-input', `${config.scenario}: ${street.message}`);
      return street.value;
    };
    const store = openStore(config.redis);
    onStop(store.close);
    let street = open();
    let target = 0;
    let working = false;

    /** Brings the second street to where the first one is, then tells how it fares. */
    const follow = (): void => {
      working = true;
      const until = performance.now() + SLICE_MS;
      while (street.now() < target && !street.isOver() && performance.now() < until) street.step();
      if (street.now() < target && !street.isOver()) {
        setImmediate(follow);
        return;
      }
      working = false;
      void publishLive(store, channels.comparison, {
        at: street.now(),
        vehicles: [],
        queues: {},
        kpis: liveKpis(street.simulation, street.now()),
      });
    };
    subscribeLive(store, channels.street, (value) => {
      const { at } = value as StreetMessage;
      // The first street has begun again, and so does the second.
      if (at < target) street = open();
      target = at;
      if (!working) follow();
    });
    subscribeLive(store, channels.closures, (value) => {
      street.simulation.fence((value as ClosuresMessage).closed);
    });
    log.info({ scenario: scenario.name }, 'ready');
  },
);
