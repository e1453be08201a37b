import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import {
  after,
  instant,
  planId,
  reportController,
  seconds,
  stageId,
  startController,
  step,
  type ControllerState,
  type Instant,
  type Lamp,
  type Override,
  type PlanStep,
  type Site,
  type StagePlan,
} from '@songxanh/core';
import { buildAgent, openCountdownLog, openSignalLog, type Agent, type StepLog } from '@songxanh/agent';
import { createSimulatedDriver, type Driver, type DriverEvents } from '@songxanh/drivers';
import { serve } from '@songxanh/platform';
import {
  encodeOverride,
  HEALTHY_CABINET,
  type OverrideAttachRequest,
  type OverrideAttachResponse,
  type OverrideMessage,
} from '@songxanh/wire';
import {
  closeFields,
  BEGIN,
  confirm,
  eventually,
  LOCAL,
  openCentre,
  openField,
  quiet,
  sitesOf,
  type Centre,
  type Decide,
  type Field,
} from './support/world.ts';

// Wall time for a crowded machine; each test takes well under 5 s on a free one.
jest.setTimeout(30_000);
afterEach(closeFields);

interface AgentOptions {
  readonly name?: string;
  readonly centre?: string;
  readonly gateway?: string;
  readonly logs?: readonly StepLog[];
}

const agentOf = (sites: readonly Site[], field: Field, { name = 'agent', centre, gateway, logs = [] }: AgentOptions): Agent =>
  buildAgent({
    name,
    sites,
    driver: createSimulatedDriver({ agent: name, cabinet: field.cabinets.served.address, junctions: sites.map((s) => s.id), log: quiet }),
    ...(centre === undefined ? {} : { detectors: centre, optimizers: [centre] }),
    gateway,
    awaitCentreMs: 5000,
    logs,
    log: quiet,
  });

const [only] = sitesOf('one-junction');
if (only === undefined) throw new Error('scenarios/one-junction has no site');
const sites = [only];

/** One junction with an agent and a centre, closed in order whatever the test says. */
const withJunction = async (
  decide: Decide,
  options: { steps: number; speed: number },
  test: (field: Field, centre: Centre) => Promise<void>,
  junctions = sites,
): Promise<void> => {
  const field = await openField(junctions, options);
  const centre = await openCentre(decide);
  const agent = agentOf(junctions, field, { centre: centre.served.address });
  await agent.start();
  try {
    await test(field, centre);
  } finally {
    await agent.stop();
    await centre.stop();
    await field.stop();
  }
};

describe('a plan on its way from the optimizer to the street', () => {
  it('is taken up one step after the report it answers, and the report after that names it', async () => {
    await withJunction(confirm, { steps: 60, speed: Infinity }, async (field, centre) => {
      await field.server.done;
      const last = centre.reports.at(-1);
      expect(last?.signals.source).toBe('optimizer');
      expect(last?.signals.plan.id).toBe(`confirm-${String((last?.detectors.sequence ?? 0) - 1)}`);
      expect(centre.outcomes.length).toBeGreaterThan(30);
      expect(centre.outcomes.filter((o) => o.refusal !== undefined)).toEqual([]);
    });
  });

  describe('that breaks a rule', () => {
    const [hard] = only.conflicts.filter((c) => c.kind === 'hard');
    const [first, second] = only.stageSequence;
    if (hard === undefined || first === undefined || second === undefined) throw new Error('expected a hard conflict and two stages');
    const clash = { id: stageId('clash'), green: [hard.a, hard.b] };
    /** Every display promises its group's next change from the begin of the interval; one stage is a mistake. */
    const site: Site = {
      ...only,
      groups: only.groups.map((g) => ({ ...g, countdown: { green: 'full', red: 'full', tail: seconds(0) } })),
      stages: [...only.stages, clash],
    };

    const spoilt: readonly (readonly [string, (plan: StagePlan, now: Instant) => readonly PlanStep[], string, RegExp])[] = [
      [
        'cuts a green short',
        ({ steps }, now) => [...steps.slice(0, 1), ...[second, first].map((stage, i) => ({ stage, start: after(now, seconds(1 + i)) }))],
        'short-green',
        /^\w+: the next change begins at [\d.]+ s, its green only at [\d.]+ s$/,
      ],
      [
        'gives conflicting greens',
        ({ steps, until }) => [...steps, { stage: clash.id, start: after(until, seconds(-1)) }],
        'conflicting-greens',
        /^stage clash has \w+ and \w+ green together$/,
      ],
      [
        'breaks a promise of the displays',
        ({ steps }) => steps.map((one, i) => (i === 0 ? one : { ...one, start: after(one.start, seconds(5)) })),
        'commitment-broken',
        /^\w+ was promised (end-of-green|to-green) in [\d.]+ s, the plan has it in [\d.]+ s$/,
      ],
    ];

    it.each(spoilt)(
      'is refused with the numbers when it %s, and the junction goes on by the old plan',
      async (_, spoil, reason, message) => {
        let good: StagePlan | undefined;
        const goodThenBad: Decide = (report) => {
          if (good === undefined) return (good = confirm(report));
          const id = planId(`spoilt-${String(report.detectors.sequence)}`);
          return { ...good, id, steps: spoil(report.signals.plan, report.detectors.to) };
        };
        await withJunction(
          goodThenBad,
          { steps: 40, speed: Infinity },
          async (field, centre) => {
            await field.server.done;
            const [taken, ...refused] = centre.outcomes;
            expect(taken).toMatchObject({ plan: good?.id, refusal: undefined });
            expect(refused.length).toBeGreaterThan(20);
            for (const { plan, refusal } of refused) {
              expect(plan).toMatch(/^spoilt-/);
              expect(refusal).toMatchObject({ reason, message: expect.stringMatching(message) as string });
            }
            const later = centre.reports.slice(-refused.length).map(({ signals }) => signals);
            for (const { plan, source } of later) expect({ plan: plan.id, source }).toEqual({ plan: good?.id, source: 'optimizer' });
            // What was to come has come, or is still to come, as it was planned.
            expect(good?.steps).toEqual(expect.arrayContaining([...(later.at(-1)?.plan.steps.slice(0, 2) ?? [])]));
          },
          [site],
        );
      },
    );
  });

  it('is refused when it names a stage that the site does not have', async () => {
    const unknown: Decide = (report) => {
      const plan = confirm(report);
      return plan && { ...plan, steps: [...plan.steps, { stage: stageId('nowhere'), start: after(plan.until, seconds(-1)) }] };
    };
    await withJunction(unknown, { steps: 30, speed: Infinity }, async (field, centre) => {
      await field.server.done;
      expect(centre.outcomes[0]?.refusal).toMatchObject({ reason: 'unknown-stage' });
    });
  });
});

describe('an agent without its centre', () => {
  it('goes on by itself when the optimizer dies, and follows it again when it is back', async () => {
    const field = await openField(sites, { steps: 100_000, speed: 50 });
    const first = await openCentre(confirm);
    const agent = agentOf(sites, field, { centre: first.served.address });
    await agent.start();
    await eventually(() => first.outcomes.length > 3, 'plans are taken up');
    const stepsOf = (): number => field.street.seen.get(only.id)?.length ?? 0;
    await first.stop();
    const before = stepsOf();
    await eventually(() => stepsOf() > before + 100, 'a hundred steps without a centre');
    const again = await openCentre(confirm, first.served.address);
    await eventually(() => again.outcomes.some((o) => o.refusal === undefined), 'a plan of the new optimizer is taken up');
    expect(again.reports[0]?.signals.source).toBe('time-of-day');
    expect(again.reports[0]?.epoch).toBe(first.reports[0]?.epoch);
    await agent.stop();
    await again.stop();
    await field.stop();
  });

  it('does not wait twice for an optimizer that is there and says nothing', async () => {
    let mute = false;
    const field = await openField(sites, { steps: 100_000, speed: Infinity });
    const centre = await openCentre(confirm);
    const silent = await serve(LOCAL, { PlanService: { Follow: () => undefined } });
    const agent = buildAgent({
      name: 'agent',
      sites,
      driver: createSimulatedDriver({ agent: 'agent', cabinet: field.cabinets.served.address, junctions: [only.id], log: quiet }),
      detectors: centre.served.address,
      optimizers: [silent.address],
      awaitCentreMs: 5000,
      onReported: () => (mute = true),
      log: quiet,
    });
    await agent.start();
    await eventually(() => mute && centre.reports.length > 500, 'five hundred reports without an answer');
    // A step that waits in vain is a step in which the cabinet does not flash.
    expect(field.cabinets.cabinet(only.id)?.commanded).toBeDefined();
    await agent.stop();
    await silent.stop();
    await centre.stop();
    await field.stop();
  });

  it('follows a redirect to the owner of its junction', async () => {
    const field = await openField(sites, { steps: 100_000, speed: 50 });
    const owner = await openCentre(confirm);
    const other = await serve(LOCAL, {
      PlanService: {
        Follow: (call: ServerDuplexStream<unknown, unknown>) => {
          call.once('data', () => {
            call.write({ answers: [{ junction: only.id, sequence: 0, epoch: 0, plan: null, redirect: owner.served.address }] });
          });
        },
      },
    });
    const agent = buildAgent({
      name: 'agent',
      sites,
      driver: createSimulatedDriver({ agent: 'agent', cabinet: field.cabinets.served.address, junctions: [only.id], log: quiet }),
      detectors: owner.served.address,
      optimizers: [other.address],
      awaitCentreMs: 5000,
      log: quiet,
    });
    await agent.start();
    await eventually(() => owner.outcomes.length > 0, 'the owner’s plan is taken up');
    await agent.stop();
    await other.stop();
    await owner.stop();
    await field.stop();
  });
});

describe('an override from the gateway', () => {
  const override = (id: string, action: 'hold' | 'nowhere'): OverrideMessage =>
    encodeOverride({
      junction: only.id,
      override: {
        id,
        source: 'operator',
        action: action === 'hold' ? { kind: 'hold' } : { kind: 'stage', stage: stageId('nowhere') },
        reason: 'march',
        by: 'An',
        expires: after(BEGIN, seconds(60)),
      },
    });

  it('is in charge until it expires; one that names an unknown stage is refused with the stages there are', async () => {
    const seen: OverrideAttachRequest[] = [];
    const gateway = await serve(LOCAL, {
      OverrideService: {
        Attach: (call: ServerDuplexStream<OverrideAttachRequest, OverrideAttachResponse>) => {
          call.on('data', (m: OverrideAttachRequest) => seen.push(m));
          call.write({ overrides: [override('good', 'hold'), override('bad', 'nowhere')] });
        },
      },
    });
    const field = await openField(sites, { steps: 90, speed: 200 });
    const agent = agentOf(sites, field, { gateway: gateway.address });
    await agent.start();
    await field.server.done;
    await eventually(() => seen.some((m) => m.outcomes.some((o) => o.outcome === 'expired')), 'the end of the override is told');
    const outcomes = seen.flatMap((m) => m.outcomes);
    expect(outcomes).toContainEqual(expect.objectContaining({ override: 'good', outcome: 'expired' }));
    expect(outcomes.find((o) => o.override === 'bad')).toMatchObject({
      outcome: 'refused',
      message: expect.stringContaining('has no stage "nowhere"') as string,
    });
    const OPERATOR = 5;
    expect(seen.some((m) => m.states.some((s) => s.source === OPERATOR))).toBe(true);
    expect(seen.flatMap((m) => m.states).at(-1)?.source).not.toBe(OPERATOR);
    await agent.stop();
    await gateway.stop();
    await field.stop();
  });
});

describe('an order between two steps of a street in real time', () => {
  // Displays would promise what stands, and the order would wait for that.
  const site: Site = { ...only, groups: only.groups.map((g) => ({ ...g, countdown: { green: 'none', red: 'none', tail: seconds(0) } })) };
  const isLit = (lamp: Lamp): boolean => lamp === 'green' || lamp === 'permissive' || lamp === 'clearance';

  /** The street and its clock in the test's hand; what is commanded is written down with its instant. */
  const withStreet = async (
    of: Site,
    test: (street: {
      readonly commanded: readonly { readonly at: Instant; readonly lamps: readonly Lamp[] }[];
      readonly now: () => Instant;
      /** Lets street and wall go on together, with a step at each whole second. */
      readonly pass: (ms: number) => Promise<void>;
      readonly order: (action: Override['action'] | undefined) => Promise<void>;
      readonly told: readonly OverrideAttachRequest[];
    }) => Promise<void>,
  ): Promise<void> => {
    const told: OverrideAttachRequest[] = [];
    let write: (overrides: OverrideMessage[]) => void = () => undefined;
    const gateway = await serve(LOCAL, {
      OverrideService: {
        Attach: (call: ServerDuplexStream<OverrideAttachRequest, OverrideAttachResponse>) => {
          call.on('data', (m: OverrideAttachRequest) => told.push(m));
          write = (overrides) => call.write({ overrides });
        },
      },
    });
    const commanded: { at: Instant; lamps: readonly Lamp[] }[] = [];
    let events: DriverEvents | undefined;
    const driver: Driver = {
      lockstep: true,
      start: (given) => (events = given),
      command: (at, heads) => {
        commanded.push({ at, lamps: heads.get(of.id) ?? [] });
        return true;
      },
      stop: () => undefined,
    };
    let ms = 0;
    let orders = 0;
    const agent = buildAgent({ name: 'agent', sites: [of], driver, gateway: gateway.address, wall: () => ms, log: quiet });
    await agent.start();
    await eventually(() => told.length > 0, 'the agent is attached');
    const now = (): Instant => instant(BEGIN + ms);
    const pass = async (more: number): Promise<void> => {
      for (const end = ms + more; ms < end;) {
        ms += 20;
        if (ms % 1000 !== 0) continue;
        events?.onInputs({ now: now(), junctions: new Map([[of.id, { actuations: [], health: HEALTHY_CABINET }]]) });
        await eventually(() => commanded.at(-1)?.at === now(), 'the step is answered');
      }
    };
    const order = async (action: Override['action'] | undefined): Promise<void> => {
      const before = told.length;
      orders += 1;
      const id = `order-${String(orders)}`;
      const expires = after(BEGIN, seconds(600));
      write(
        action === undefined
          ? []
          : [encodeOverride({ junction: of.id, override: { id, source: 'operator', action, reason: 'march', by: 'An', expires } })],
      );
      await eventually(() => told.slice(before).some(({ states }) => states.length > 0), 'the agent has taken the order');
    };
    try {
      await test({ commanded, now, pass, order, told });
    } finally {
      await agent.stop();
      await gateway.stop();
    }
  };

  it('changes the lamps at the instant it comes, not at the next step', async () => {
    await withStreet(site, async ({ commanded, now, pass, order, told }) => {
      await pass(40_000);
      expect(commanded.at(-1)?.lamps.some(isLit)).toBe(true);
      await pass(340);
      const given = now();
      await order({ kind: 'all-red' });
      expect(commanded.at(-1)).toMatchObject({ at: given, lamps: expect.not.arrayContaining(['green', 'permissive']) as Lamp[] });
      expect(told.at(-1)?.states[0]).toMatchObject({ atMs: given });
    });
  });

  const wish = (action: Override['action'], expires: Instant): Override => ({
    ...{ id: JSON.stringify(action), source: 'operator', action, reason: 'march', by: 'An', expires },
  });

  /** What is ordered, and after how many ms of street time; nothing gives back. */
  type Orders = readonly (readonly [ms: number, action: Override['action'] | undefined])[];

  /** The same controller asked every 20 ms from the first order on: its lamps change as soon as minimum times, clearances and promises allow. */
  const soonest = (of: Site, orders: Orders, to: number): readonly { readonly ms: number; readonly lamps: readonly Lamp[] }[] => {
    const from = orders[0]?.[0] ?? 0;
    const changes: { ms: number; lamps: readonly Lamp[] }[] = [];
    let state: ControllerState | undefined;
    let before: Instant | undefined;
    let lamps: readonly Lamp[] = [];
    for (let ms = 1000; ms <= to; ms = ms < from ? Math.min(from, ms - (ms % 1000) + 1000) : ms + 20) {
      const now = instant(BEGIN + ms);
      const action = orders.findLast(([at]) => at <= ms)?.[1];
      ({ state } = step(of, state ?? startController(of, now), {
        ...{ now, actuations: [], plans: [], failedDetectors: [], cabinetFault: false },
        overrides: action === undefined ? [] : [wish(action, after(BEGIN, seconds(600)))],
        ...(before === undefined ? {} : { beat: { before, every: seconds(1) } }),
      }));
      if (ms % 1000 === 0) before = now;
      const { heads } = reportController(of, state);
      if (ms >= from && heads.some((lamp, k) => lamp !== lamps[k])) changes.push({ ms, lamps: heads });
      lamps = heads;
    }
    return changes;
  };

  const stages = site.stages.map(({ id }) => id);
  it.each<readonly [what: string, orders: Orders, changes: number]>([
    ['all red', [[40_340, { kind: 'all-red' }]], 3],
    ['all red at a step', [[41_000, { kind: 'all-red' }]], 3],
    ...stages.map((stage) => [`stage ${stage}`, [[40_340, { kind: 'stage', stage }]], stage === 'main' ? 0 : 4] as const),
    ['flash', [[40_340, { kind: 'flash' }]], 4],
    ['another plan', [[40_340, { kind: 'plan', name: 'off-peak' }]], 4],
    [
      'a hold given back',
      [
        [40_340, { kind: 'hold' }],
        [77_720, undefined],
      ],
      4,
    ],
    [
      'all red given back',
      [
        [40_340, { kind: 'all-red' }],
        [58_560, undefined],
      ],
      4,
    ],
    [
      'flash given back',
      [
        [40_340, { kind: 'flash' }],
        [69_180, undefined],
      ],
      4,
    ],
    [
      'one order after the other',
      [
        [40_340, { kind: 'all-red' }],
        [42_120, { kind: 'stage', stage: stageId('side') }],
      ],
      4,
    ],
  ])('%s: every lamp changes when the safety rules allow it', async (_, orders, least) => {
    for (const one of [site, only]) {
      const changes = soonest(one, orders, (orders.at(-1)?.[0] ?? 0) + 30_000);
      await withStreet(one, async ({ commanded, now, pass, order }) => {
        const late: number[] = [];
        const coming = [...orders.map(([ms, action]) => ({ ms, action })), ...changes].sort((a, b) => a.ms - b.ms);
        for (const next of coming) {
          await pass(BEGIN + next.ms - now());
          if (!('lamps' in next)) {
            await order(next.action);
            continue;
          }
          const isShown = ({ lamps }: { readonly lamps: readonly Lamp[] }): boolean => lamps.every((lamp, k) => lamp === next.lamps[k]);
          // The clock stands: what is not switched by now would only be at a later step.
          await eventually(() => isShown(commanded.at(-1)!), `the lamps of ${String(next.ms)} ms`);
          late.push((commanded.find((shown) => shown.at > BEGIN + next.ms - 1000 && isShown(shown))?.at ?? Infinity) - BEGIN - next.ms);
        }
        expect(late.length).toBeGreaterThanOrEqual(least);
        expect(late.every((ms) => ms >= 0 && ms <= 100)).toBe(true);
      });
    }
  });
});

describe('the signal log of one seed', () => {
  const corridor = sitesOf('corridor');

  const logOf = async (parts: readonly (readonly Site[])[], seed: number): Promise<{ signals: string[]; countdowns: string[] }> => {
    const folder = mkdtempSync(join(tmpdir(), 'songxanh-log-'));
    const field = await openField(corridor, { steps: 240, speed: Infinity, seed });
    // Each junction's stages are put off by a chance that depends on nothing but what its detectors saw.
    const centre = await openCentre((report) => (report.detectors.actuations.length % 3 === 0 ? confirm(report) : undefined));
    const agents = parts.map((part, i) =>
      agentOf(part, field, {
        name: `agent-${String(i)}`,
        centre: centre.served.address,
        logs: [openSignalLog(join(folder, `signals-${String(i)}`)), openCountdownLog(join(folder, `countdowns-${String(i)}`), part)],
      }),
    );
    await Promise.all(agents.map((a) => a.start()));
    await field.server.done;
    await Promise.all(agents.map((a) => a.stop()));
    await centre.stop();
    await field.stop();
    const lines = (kind: string): string[] =>
      parts
        .flatMap((_, i) =>
          readFileSync(join(folder, `${kind}-${String(i)}`), 'utf8')
            .trim()
            .split('\n')
            .slice(1),
        )
        .sort();
    const logs = { signals: lines('signals'), countdowns: lines('countdowns') };
    rmSync(folder, { recursive: true });
    return logs;
  };

  it('is the same on one agent process and on two', async () => {
    const one = await logOf([corridor], 7);
    const two = await logOf([corridor.filter((_, i) => i % 2 === 0), corridor.filter((_, i) => i % 2 === 1)], 7);
    expect(one.signals).toHaveLength(240 * corridor.length);
    expect(one.countdowns.length).toBeGreaterThan(0);
    expect(two).toEqual(one);
  }, 30_000);
});
