import { address, list, optionalText, readFiles, runProcess, serve, text } from '@songxanh/platform';
import { keepBeating, openStore } from '@songxanh/store';
import { parseSite } from '@songxanh/wire';
import { buildApp } from './app.ts';

const settings = {
  name: text('detectors'),
  listen: address('127.0.0.1:0'),
  /** Site files or folders of them. */
  sites: list(),
  redis: optionalText(),
};

await runProcess('detectors', settings, async ({ name, listen, sites, redis }, { log, onStop }) => {
  const store =
    redis === undefined ? undefined : openStore(redis, { onState: (up, why) => log[up ? 'info' : 'warn']({ up, why }, 'redis') });
  onStop(() => store?.close());
  const app = buildApp({ sites: await readFiles(sites, '.site.json', parseSite), log, store });
  const served = await serve(listen, app.handlers);
  onStop(served.stop);
  if (store !== undefined) {
    onStop(
      keepBeating(store, () => ({
        kind: 'detectors',
        name,
        address: served.address,
        pid: process.pid,
        detail: JSON.stringify(app.tally()),
      })),
    );
  }
  log.info({ address: served.address }, 'listening');
});
