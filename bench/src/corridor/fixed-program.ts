import {
  after,
  milliseconds,
  reportController,
  seconds,
  startController,
  step,
  type Instant,
  type Lamp,
  type SignalProgram,
  type Site,
  type TimeOfDayPlan,
} from '@songxanh/core';

const LETTER: Readonly<Record<Lamp, string>> = {
  red: 'r',
  green: 'G',
  permissive: 'g',
  clearance: 'y',
  'flash-yellow': 'o',
  'flash-red': 'r',
  dark: 'o',
};

/** A site that runs `plan` all day. */
export const withPlan = (site: Site, plan: TimeOfDayPlan): Site => ({
  ...site,
  plans: [plan],
  schedule: [{ days: [0, 1, 2, 3, 4, 5, 6], from: seconds(0), plan: plan.name }],
});

/** Cycles after which a controller that starts up is in step with the clock. */
const SETTLED_CYCLES = 3;
const EVERYDAY = { plans: [], overrides: [], actuations: [], failedDetectors: [], cabinetFault: false };

/**
 * The signal program (one interval per second of the cycle) that our controller makes of a fixed plan. `at` is a local midnight;
 * undefined where the plan cannot run (a split shorter than its minimum times stretches the cycle).
 */
export const fixedProgram = (site: Site, plan: TimeOfDayPlan, midnight: Instant): SignalProgram | undefined => {
  const planned = withPlan(site, plan);
  const cycleS = plan.cycle / 1000;
  let controller = startController(planned, midnight);
  const shown: string[] = [];
  for (let s = 0; s < (SETTLED_CYCLES + 2) * cycleS; s++) {
    const now = after(midnight, milliseconds(s * 1000));
    controller = step(planned, controller, { ...EVERYDAY, now }).state;
    if (s >= SETTLED_CYCLES * cycleS)
      shown.push(
        reportController(planned, controller)
          .heads.map((lamp) => LETTER[lamp])
          .join(''),
      );
  }
  const first = shown.slice(0, cycleS);
  if (first.some((state, s) => state !== shown[cycleS + s])) return undefined;
  return { id: site.id, programId: plan.name, kind: 'static', offsetS: 0, intervals: first.map((state) => ({ durationS: 1, state })) };
};
