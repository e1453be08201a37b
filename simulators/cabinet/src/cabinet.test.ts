import type { Lamp } from '@songxanh/core';
import { command, look, maintain, openCabinet, shown, type Cabinet, type Maintenance } from './cabinet.ts';
import type { CompatibilityCard } from './monitor/card.ts';

const card: CompatibilityCard = {
  junction: 'X',
  headCount: 2,
  channels: [
    { name: 'main', heads: [0], minClearanceMs: 3000, flash: 'flash-yellow' },
    { name: 'side', heads: [1], minClearanceMs: 3000, flash: 'flash-red' },
  ],
  conflicts: [[0, 1]],
};
const FLASH: readonly Lamp[] = ['flash-yellow', 'flash-red'];
const MAIN: readonly Lamp[] = ['green', 'red'];

const work = (cabinet: Cabinet, what: Maintenance): Cabinet => {
  const result = maintain(cabinet, what, 0);
  if (!result.ok) throw new Error(result.message);
  return result.value;
};

describe('a cabinet', () => {
  it('flashes until somebody commands it, and again when nobody does', () => {
    const closed = openCabinet(card);
    expect(shown(closed)).toEqual(FLASH);
    const running = command(closed, MAIN, 0);
    expect(shown(running)).toEqual(MAIN);
    expect(shown(command(running, undefined, 1000))).toEqual(FLASH);
  });

  it('takes a command for another number of heads as none', () => {
    expect(shown(command(openCabinet(card), ['green'], 0))).toEqual(FLASH);
  });

  it('never shows a conflict that is commanded, and keeps flashing when the command is good again', () => {
    const caught = command(command(openCabinet(card), MAIN, 0), ['green', 'green'], 1000);
    expect(caught.fault).toContain('conflict');
    expect(shown(caught)).toEqual(FLASH);
    expect(shown(command(caught, MAIN, 2000))).toEqual(FLASH);
  });

  it('is reset by a person only, and then begins with flash until the next command', () => {
    const caught = command(openCabinet(card), ['green', 'green'], 0);
    const reset = work(caught, { kind: 'reset-fault' });
    expect(reset.fault).toBeUndefined();
    expect(shown(reset)).toEqual(FLASH);
    expect(shown(command(reset, MAIN, 1000))).toEqual(MAIN);
  });

  it('flashes on after its power was gone, until a person resets it', () => {
    const back = openCabinet(card, 'conflict: main and side have right of way together');
    expect(shown(command(back, MAIN, 1000))).toEqual(FLASH);
    expect(shown(command(work(back, { kind: 'reset-fault' }), MAIN, 2000))).toEqual(MAIN);
  });

  it('lets a short circuit pass that lights nothing wrong, and catches one that does at the next look', () => {
    const running = command(openCabinet(card), MAIN, 0);
    const harmless = work(running, { kind: 'force', lamps: new Map([[0, 'green']]) });
    expect(look(harmless, 100).fault).toBeUndefined();
    const conflict = work(running, { kind: 'force', lamps: new Map([[1, 'green']]) });
    expect(look(conflict, 100).fault).toBe('conflict: main and side have right of way together');
  });

  it('does not mistake the flash of its controller for a conflict, but a flash with a green in it', () => {
    const night = command(command(openCabinet(card), MAIN, 0), ['flash-yellow', 'flash-yellow'], 1000);
    expect(night.fault).toBeUndefined();
    expect(command(night, ['flash-yellow', 'green'], 2000).fault).toContain('conflict');
  });

  it('shows a failed head dark; a failed red is a fault, a failed green is not', () => {
    const running = command(openCabinet(card), MAIN, 0);
    const green = work(running, { kind: 'fail-head', head: 0 });
    expect(shown(green)).toEqual(['dark', 'red']);
    expect(green.fault).toBeUndefined();
    expect(work(running, { kind: 'fail-head', head: 1 }).fault).toContain('red-failure');
    expect(shown(work(green, { kind: 'mend-head', head: 0 }))).toEqual(MAIN);
  });

  it.each([
    [{ kind: 'fail-head', head: 2 }],
    [{ kind: 'mend-head', head: 9 }],
    [{ kind: 'force', lamps: new Map<number, Lamp>([[2, 'red']]) }],
  ] as [Maintenance][])('refuses work on a head it does not have: %j', (what) => {
    expect(maintain(openCabinet(card), what, 0)).toMatchObject({
      ok: false,
      reason: 'unknown-head',
      message: expect.stringContaining('expected 0 to 1') as string,
    });
  });
});
