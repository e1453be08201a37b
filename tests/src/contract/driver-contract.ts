import type { Instant, JunctionId, Lamp } from '@songxanh/core';
import type { Driver, DriverInputs } from '@songxanh/drivers';
import { eventually } from '../e2e/support/world.ts';

/** A field for one driver: what its lamps show, and how to take it away and bring it back. */
export interface DriverField {
  readonly driver: Driver;
  readonly junctions: readonly { readonly id: JunctionId; readonly headCount: number }[];
  /** What the street last saw of a junction. */
  readonly shown: (junction: JunctionId) => readonly Lamp[] | undefined;
  readonly close: () => Promise<void>;
}

/** Every driver keeps these rules, whatever the device. */
export const describeDriver = (name: string, open: () => Promise<DriverField>): void => {
  describe(`${name} as a driver`, () => {
    const run = async (
      test: (field: DriverField, inputs: DriverInputs[], events: { ups: number; downs: number }) => Promise<void>,
    ): Promise<void> => {
      const field = await open();
      const inputs: DriverInputs[] = [];
      const events = { ups: 0, downs: 0 };
      field.driver.start({
        onInputs: (i) => {
          inputs.push(i);
          const red = field.junctions.map(({ id, headCount }) => [id, new Array<Lamp>(headCount).fill('red')] as const);
          field.driver.command(i.now, new Map(red));
        },
        onUp: () => (events.ups += 1),
        onDown: () => (events.downs += 1),
        onEnded: () => undefined,
      });
      try {
        await test(field, inputs, events);
      } finally {
        field.driver.stop();
        await field.close();
      }
    };

    it('commands nothing before its inputs', async () => {
      const field = await open();
      expect(field.driver.command(0 as Instant, new Map())).toBe(false);
      field.driver.stop();
      await field.close();
    });

    it('says once that the field is there, then gives inputs of all junctions in ascending time', async () => {
      await run(async (field, inputs, events) => {
        await eventually(() => inputs.length >= 10, 'ten inputs');
        expect(events).toEqual({ ups: 1, downs: 0 });
        const times = inputs.map((i) => i.now);
        expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
        for (const i of inputs) expect([...i.junctions.keys()].sort()).toEqual(field.junctions.map((j) => j.id).sort());
      });
    });

    it('gives actuations stamped in whole 100 ms after the last inputs and not after these', async () => {
      await run(async (_, inputs) => {
        await eventually(() => inputs.length >= 10, 'ten inputs');
        const stamps = inputs
          .slice(1)
          .flatMap((i, n) =>
            [...i.junctions.values()].flatMap((j) => j.actuations.map((a) => ({ at: a.at, from: inputs[n]?.now ?? 0, to: i.now }))),
          );
        expect(stamps.length).toBeGreaterThan(0);
        for (const { at, from, to } of stamps) {
          expect(at % 100).toBe(0);
          expect(at).toBeGreaterThan(from);
          expect(at).toBeLessThanOrEqual(to);
        }
      });
    });

    it('shows what is commanded', async () => {
      await run(async (field) => {
        for (const { id } of field.junctions) await eventually(() => field.shown(id)?.every((l) => l === 'red') ?? false, `${id} all red`);
      });
    });

    it('leaves the junctions to their cabinets when it stops', async () => {
      await run(async (field) => {
        const id = field.junctions[0]?.id as JunctionId;
        await eventually(() => field.shown(id)?.every((l) => l === 'red') ?? false, 'all red');
        field.driver.stop();
        await eventually(() => field.shown(id)?.every((l) => l.startsWith('flash')) ?? false, 'flash', 2000);
      });
    });
  });
};
