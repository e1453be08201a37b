import { createSimulatedDriver } from '@songxanh/drivers';
import { parseHeads } from '@songxanh/wire';
import { closeFields, openField, quiet, sitesOf } from '../e2e/support/world.ts';
import { describeDriver } from './driver-contract.ts';

// Wall time for a crowded machine; each test takes well under 5 s on a free one.
jest.setTimeout(30_000);
afterEach(closeFields);

const sites = sitesOf('corridor').slice(0, 2);

describeDriver('simulated', async () => {
  const field = await openField(sites, { steps: 100_000, speed: 50 });
  return {
    driver: createSimulatedDriver({
      agent: 'agent',
      cabinet: field.cabinets.served.address,
      junctions: sites.map((s) => s.id),
      log: quiet,
    }),
    junctions: sites.map(({ id, headCount }) => ({ id, headCount })),
    shown: (junction) => {
      const heads = parseHeads(field.street.seen.get(junction)?.at(-1)?.heads ?? new Uint8Array());
      return heads.ok && heads.value.length > 0 ? heads.value : undefined;
    },
    close: field.stop,
  };
});
