import type { Lamp, Site } from '@songxanh/core';
import { buildAgent, type Agent } from '@songxanh/agent';
import { createSimulatedDriver } from '@songxanh/drivers';
import { callOnce, dial, keepBidi } from '@songxanh/platform';
import { lamps, type ControlRequest, type ControlResponse, type MaintainRequest, type MaintainResponse } from '@songxanh/wire';
import { closeFields, eventually, openField, quiet, sitesOf, type Field } from './support/world.ts';

// Wall time for a crowded machine; each test takes well under 5 s on a free one.
jest.setTimeout(30_000);
afterEach(closeFields);

const [only] = sitesOf('one-junction');
if (only === undefined) throw new Error('scenarios/one-junction has no site');
const site: Site = only;

const agentOf = (field: Field): Agent =>
  buildAgent({
    name: 'agent',
    sites: [site],
    driver: createSimulatedDriver({ agent: 'agent', cabinet: field.cabinets.served.address, junctions: [site.id], log: quiet }),
    log: quiet,
  });

const isFlash = (heads: Uint8Array | undefined): boolean =>
  heads?.every((code) => lamps.nameOf(code)?.startsWith('flash') === true) ?? false;
const lastHeads = (field: Field): Uint8Array | undefined => field.street.seen.get(site.id)?.at(-1)?.heads;
const isRunning = (field: Field): boolean => {
  const heads = lastHeads(field);
  return heads !== undefined && !isFlash(heads) && heads.includes(lamps.codeOf('green'));
};

const withField = async (
  test: (field: Field, maintain: (m: Partial<MaintainRequest>) => Promise<MaintainResponse>) => Promise<void>,
): Promise<void> => {
  const field = await openField([site], { steps: 100_000, speed: 20 });
  const client = dial('CabinetService', field.cabinets.served.address);
  try {
    await test(field, (m) => callOnce<object, MaintainResponse>(client, 'Maintain', { junction: site.id, ...m }));
  } finally {
    client.close();
    await field.stop();
  }
};

describe('a cabinet whose agent is gone', () => {
  it('flashes at the next step after its agent dies, and runs again by the start-up of the next agent', async () => {
    await withField(async (field) => {
      const first = agentOf(field);
      await first.start();
      await eventually(() => isRunning(field), 'the junction runs');
      await first.stop();
      await eventually(() => isFlash(lastHeads(field)), 'the junction flashes', 2000);
      const second = agentOf(field);
      await second.start();
      const allRed = lamps.codeOf('red');
      await eventually(() => lastHeads(field)?.every((code) => code === allRed) ?? false, 'all red, from the start-up');
      await eventually(() => isRunning(field), 'the junction runs again');
      await second.stop();
    });
  });

  it('flashes within 2 s when its agent is connected and says nothing more', async () => {
    await withField(async (field) => {
      const client = dial('CabinetService', field.cabinets.served.address);
      let steps = 0;
      // Answers three steps with all red and then freezes with its stream open.
      const frozen = keepBidi<ControlResponse, ControlRequest>(client, 'Control', {
        onOpen: (send) => {
          if (steps === 0) send({ agent: 'frozen', junctions: [site.id], atMs: 0, commands: [] });
        },
        onMessage: (m) => {
          steps += 1;
          const heads = new Uint8Array(site.headCount).fill(lamps.codeOf('red'));
          if (steps <= 3) frozen.send({ agent: 'frozen', junctions: [], atMs: m.atMs, commands: [{ junction: site.id, heads }] });
        },
      });
      await eventually(() => steps >= 3, 'the agent answers');
      await eventually(() => isFlash(lastHeads(field)), 'the junction flashes', 2000);
      frozen.close();
      client.close();
    });
  });

  it('shows at once what its agent commands between two steps, and never what comes too late', async () => {
    const field = await openField([site], { steps: 100_000, speed: 1 });
    const client = dial('CabinetService', field.cabinets.served.address);
    const commands = (name: 'red' | 'flash-yellow'): ControlRequest['commands'] => [
      { junction: site.id, heads: new Uint8Array(site.headCount).fill(lamps.codeOf(name)) },
    ];
    let steps = 0;
    const link = keepBidi<ControlResponse, ControlRequest>(client, 'Control', {
      onOpen: (send) => {
        send({ agent: 'hand', junctions: [site.id], atMs: 0, commands: [] });
      },
      onMessage: ({ atMs }) => {
        steps += 1;
        link.send({ agent: 'hand', junctions: [], atMs, commands: commands('flash-yellow') });
        if (steps !== 2) return;
        link.send({ agent: 'hand', junctions: [], atMs: atMs + 340, commands: commands('red') });
        link.send({ agent: 'hand', junctions: [], atMs: atMs + 300, commands: commands('flash-yellow') });
      },
    });
    const shown = (): readonly Lamp[] => field.cabinets.cabinet(site.id)?.commanded ?? [];
    await eventually(() => shown().length > 0 && shown().every((lamp) => lamp === 'red'), 'red between two steps');
    expect(steps).toBe(2);
    link.close();
    client.close();
    await field.stop();
  });

  it('keeps the street going without any agent', async () => {
    await withField(async (field) => {
      const agent = agentOf(field);
      await agent.start();
      await eventually(() => isRunning(field), 'the junction runs');
      await agent.stop();
      const before = field.street.seen.get(site.id)?.length ?? 0;
      await eventually(() => (field.street.seen.get(site.id)?.length ?? 0) > before + 20, 'twenty steps in flash');
      expect(isFlash(lastHeads(field))).toBe(true);
    });
  });
});

describe('a conflict in the cabinet', () => {
  const allGreen = new Uint8Array(site.headCount).fill(lamps.codeOf('green'));

  it('turns into flash within 500 ms, stays when the cause is gone, and ends by a reset and the start-up', async () => {
    await withField(async (field, maintain) => {
      const agent = agentOf(field);
      await agent.start();
      await eventually(() => isRunning(field), 'the junction runs');
      await maintain({ force: { junction: site.id, heads: allGreen } });
      await eventually(() => field.cabinets.cabinet(site.id)?.fault !== undefined && isFlash(lastHeads(field)), 'flash', 500);
      expect(field.cabinets.cabinet(site.id)?.fault).toMatch(/^conflict: .* have right of way together$/);

      await maintain({ force: { junction: site.id, heads: new Uint8Array(site.headCount) } });
      const steps = field.street.seen.get(site.id)?.length ?? 0;
      await eventually(() => (field.street.seen.get(site.id)?.length ?? 0) > steps + 20, 'twenty more steps');
      expect(
        field.street.seen
          .get(site.id)
          ?.slice(steps)
          .every((s) => isFlash(s.heads)),
      ).toBe(true);

      expect(await maintain({ resetFault: true })).toEqual({ done: true, message: '' });
      await eventually(() => isRunning(field), 'the junction runs again');
      await agent.stop();
    });
  });

  it('comes back at once when the fault is reset while the short circuit lasts', async () => {
    await withField(async (field, maintain) => {
      const agent = agentOf(field);
      await agent.start();
      await eventually(() => isRunning(field), 'the junction runs');
      await maintain({ force: { junction: site.id, heads: allGreen } });
      await eventually(() => field.cabinets.cabinet(site.id)?.fault !== undefined, 'the fault is latched', 500);
      await maintain({ resetFault: true });
      await eventually(() => field.cabinets.cabinet(site.id)?.fault !== undefined, 'the fault is latched again');
      expect(
        field.street.seen
          .get(site.id)
          ?.slice(-1)
          .every((s) => s.heads.every((h) => h !== lamps.codeOf('green'))),
      ).toBe(true);
      await agent.stop();
    });
  });

  it('refuses work on what is not there, with what was expected', async () => {
    await withField(async (_, maintain) => {
      expect(await maintain({ failHead: 250 })).toMatchObject({
        done: false,
        message: expect.stringContaining(`has no head 250`) as string,
      });
      await expect(maintain({ junction: 'nowhere', resetFault: true })).rejects.toThrow('no cabinet for junction "nowhere"');
      await expect(maintain({})).rejects.toThrow('expected reset_fault, fail_head, mend_head or force');
    });
  });
});
