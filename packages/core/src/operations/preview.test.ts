import type { Override } from '../controller/controller.ts';
import { reportController, startController, type ControllerState } from '../controller/controller-state.ts';
import { step } from '../controller/step.ts';
import { stageId } from '../ids.ts';
import { fourArms, MONDAY_7, withCountdown } from '../testing/sites.ts';
import { after, seconds } from '../time.ts';
import { previewOverride } from './preview.ts';

const site = withCountdown(fourArms(), 'full');
const run = (state: ControllerState, s: number, overrides: readonly Override[] = []): ControllerState => {
  let next = state;
  for (let i = 0; i < s; i += 1)
    next = step(site, next, {
      now: after(next.now, seconds(1)),
      actuations: [],
      plans: [],
      overrides,
      failedDetectors: [],
      cabinetFault: false,
    }).state;
  return next;
};
const running = run(startController(site, MONDAY_7), 60);
const other = site.stages.find(({ id }) => id !== running.steps[0]?.stage)!;
const wish = (action: Override['action']): Override => ({
  id: 'o1',
  source: 'operator',
  action,
  reason: 'test',
  by: 'lan',
  expires: after(running.now, seconds(600)),
});

test('tells when a forced stage is green, as the controller then does it', () => {
  const override = wish({ kind: 'stage', stage: stageId(other.id) });
  const { reached, heldBy } = previewOverride(site, reportController(site, running), override);
  expect(reached).toBeDefined();
  const wait = (reached! - running.now) / 1000;
  expect(wait).toBeGreaterThan(0);
  const greens = (state: ControllerState) => other.green.every((group) => state.lamps.find((lamp) => lamp.group === group)?.lamp !== 'red');
  expect(greens(run(running, wait, [override]))).toBe(true);
  expect(greens(run(running, wait - 1, [override]))).toBe(false);
  // The displays had promised changes: they are why it takes as long.
  expect(heldBy.length).toBeGreaterThan(0);
});

test('shows the stages that follow when nobody interferes', () => {
  const { stages } = previewOverride(site, reportController(site, running), undefined);
  expect(stages[0]).toEqual({ stage: running.steps[0]!.stage, at: running.now });
  expect(stages.length).toBeGreaterThan(1);
});

test('knows when all lamps are red and when the junction flashes', () => {
  const red = previewOverride(site, reportController(site, running), wish({ kind: 'all-red' }));
  const flash = previewOverride(site, reportController(site, running), wish({ kind: 'flash' }));
  expect(red.reached).toBeDefined();
  expect(flash.reached).toBeGreaterThan(red.reached!);
});
