import {
  detectorId,
  instant,
  junctionId,
  milliseconds,
  NEVER,
  planId,
  signalGroupId,
  stageId,
  type Commitment,
  type ControllerMode,
  type DetectorQuality,
  type Lamp,
  type Override,
  type Source,
} from '@songxanh/core';
import fc from 'fast-check';
import { encodeObservation, encodeReport, encodeReportOutcome, parseObservation, parseReport, parseReportOutcome } from './detection.ts';
import { encodeOverride, parseOverride } from './override.ts';
import { encodeAnswer, encodePlan, encodePlanOutcome, parseAnswer, parsePlan, parsePlanOutcome } from './plan.ts';
import { encodeHeads, encodeSignalState, parseHeads, parseSignalState } from './signals.ts';

const LAMPS: readonly Lamp[] = ['red', 'green', 'permissive', 'clearance', 'flash-yellow', 'flash-red', 'dark'];
const SOURCES: readonly Source[] = [
  'safety',
  'rail-preemption',
  'manual',
  'emergency-preemption',
  'operator',
  'optimizer',
  'time-of-day',
  'actuated',
  'flash',
];
const MODES: readonly ControllerMode[] = ['start-up', 'running', 'night-flash', 'flash-exit', 'fault-flash'];
const CHANGES: readonly Commitment['change'][] = ['to-green', 'end-of-green'];
const QUALITIES: readonly DetectorQuality[] = ['good', 'suspect', 'failed'];

const name = fc.string({ minLength: 1, maxLength: 8 });
const time = fc.integer({ min: 0, max: 4e12 }).map(instant);
const whole = fc.nat();
const junction = name.map(junctionId);

const plan = fc.record({
  id: name.map(planId),
  junction,
  source: fc.constantFrom(...SOURCES),
  madeAt: time,
  steps: fc.array(fc.record({ stage: name.map(stageId), start: time }), { maxLength: 5 }),
  until: fc.oneof(time, fc.constant(instant(Number.MAX_SAFE_INTEGER))),
});

const signalsOf = (id: ReturnType<typeof junctionId>) =>
  fc
    .uniqueArray(
      fc.record({
        group: name.map(signalGroupId),
        lamp: fc.constantFrom(...LAMPS),
        since: time,
        number: fc.option(fc.nat(200), { nil: undefined }),
      }),
      {
        selector: (g) => g.group,
        maxLength: 6,
      },
    )
    .chain((groups) =>
      fc.record({
        junction: fc.constant(id),
        at: time,
        mode: fc.constantFrom(...MODES),
        source: fc.constantFrom(...SOURCES),
        why: fc.string(),
        lamps: fc.constant(groups.map(({ group, lamp, since }) => ({ group, lamp, since }))),
        countdowns: fc.constant(groups.map(({ group, number }) => ({ group, number }))),
        commitments: fc.array(fc.record({ group: name.map(signalGroupId), change: fc.constantFrom(...CHANGES), at: time }), {
          maxLength: 4,
        }),
        plan,
        stage: fc.option(name.map(stageId), { nil: undefined }),
        calls: fc.array(fc.record({ group: name.map(signalGroupId), since: time, greenBy: fc.oneof(time, fc.constant(NEVER)) }), {
          maxLength: 3,
        }),
        worstWait: whole.map(milliseconds),
      }),
    );

const actuations = fc.array(fc.record({ detector: name.map(detectorId), at: time, on: fc.boolean() }), { maxLength: 6 });
const period = fc.tuple(time, whole).map(([from, length]) => ({ from, to: instant(from + length) }));
const sequence = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const epoch = fc.maxSafeNat();
const refusal = fc.option(fc.record({ ok: fc.constant(false as const), reason: name, message: fc.string() }), { nil: undefined });

const report = junction.chain((id) =>
  fc.record({
    epoch,
    detectors: fc.tuple(sequence, period, actuations).map(([n, p, a]) => ({ junction: id, sequence: n, ...p, actuations: a })),
    signals: signalsOf(id),
    events: fc.array(fc.record({ junction: fc.constant(id), at: time, code: fc.nat(255), parameter: fc.nat(255) }), { maxLength: 4 }),
    cabinet: fc.record({ monitorFault: fc.boolean(), monitorReason: fc.string(), failedHeads: fc.array(fc.nat(60)) }),
  }),
);

const counts = fc.array(
  fc.record({
    detector: name.map(detectorId),
    count: fc.nat(9),
    occupied: whole.map(milliseconds),
    on: fc.boolean(),
    quality: fc.constantFrom(...QUALITIES),
  }),
  { maxLength: 4 },
);
const observation = junction.chain((id) =>
  fc.record({
    epoch,
    counts: fc
      .tuple(sequence, period, counts, actuations)
      .map(([n, p, c, a]) => ({ junction: id, sequence: n, ...p, counts: c, actuations: a })),
    signals: signalsOf(id),
  }),
);

const action = fc.oneof(
  fc.constantFrom({ kind: 'hold' as const }, { kind: 'all-red' as const }, { kind: 'flash' as const }),
  name.map((s) => ({ kind: 'stage' as const, stage: stageId(s) })),
  name.map((s) => ({ kind: 'plan' as const, name: s })),
);
const overrideSource = fc.constantFrom<Override['source'][]>('manual', 'operator', 'emergency-preemption', 'rail-preemption');
const override = fc.record({
  junction,
  override: fc.record({ id: name, source: overrideSource, action, reason: fc.string(), by: fc.string(), expires: time }),
});

const word = fc.oneof(
  fc.constant({ kind: 'unchanged' as const }),
  plan.map((p) => ({ kind: 'plan' as const, plan: p })),
  name.map((address) => ({ kind: 'redirect' as const, address })),
);
const answer = fc.record({ junction, sequence, epoch, word });

describe('what is encoded and parsed again is the same', () => {
  it.each([
    ['plan', plan, (x: never) => parsePlan(encodePlan(x))],
    ['answer', answer, (x: never) => parseAnswer(encodeAnswer(x))],
    ['plan outcome', fc.record({ plan: name.map(planId), junction, refusal }), (x: never) => parsePlanOutcome(encodePlanOutcome(x))],
    ['signal state', junction.chain(signalsOf), (x: never) => parseSignalState(encodeSignalState(x))],
    ['report', report, (x: never) => parseReport(encodeReport(x))],
    ['observation', observation, (x: never) => parseObservation(encodeObservation(x))],
    ['override', override, (x: never) => parseOverride(encodeOverride(x))],
    ['heads', fc.array(fc.constantFrom(...LAMPS)), (x: never) => parseHeads(encodeHeads(x))],
  ] as [string, fc.Arbitrary<unknown>, (x: never) => unknown][])('%s', (_, arbitrary, there) => {
    fc.assert(
      fc.property(arbitrary, (value) => {
        expect(there(value as never)).toEqual({ ok: true, value });
      }),
    );
  });

  it('report outcome', () => {
    fc.assert(
      fc.property(fc.record({ junction, sequence, refusal, repaired: fc.array(name) }), (value) => {
        expect(parseReportOutcome(encodeReportOutcome(value))).toEqual(value);
      }),
    );
  });
});

describe('a malformed message is refused with what was expected', () => {
  const [good] = fc.sample(report, { numRuns: 1, seed: 1 });
  const message = encodeReport(good as never);
  const state = message.signals;

  it.each([
    ['no junction', { ...message, junction: '' }, 'report: junction is ""'],
    ['sequence 0', { ...message, sequence: 0 }, 'sequence is 0: expected a whole number from 1'],
    ['a sequence beyond what a double holds', { ...message, sequence: 2 ** 60 }, 'sequence is'],
    ['an end before the begin', { ...message, toMs: message.fromMs - 1 }, 'not before from_ms'],
    ['no signals', { ...message, signals: null }, 'the state of its signals'],
    ["another junction's signals", { ...message, signals: { ...state, junction: 'elsewhere' } }, 'signals.junction is "elsewhere"'],
    ['a detector without id', { ...message, actuations: [{ detector: '', atMs: 1, on: true }] }, 'expected the id of a detector'],
    ['an unknown mode', { ...message, signals: { ...state, mode: 0 } }, 'mode is 0: expected a ControllerMode'],
    ['an unknown lamp', { ...message, signals: { ...state, groups: [{ group: 'g', lamp: 9, sinceMs: 0 }] } }, 'group g: lamp is 9'],
  ])('%s', (_, bad, expected) => {
    const parsed = parseReport(bad as never);
    expect(parsed).toMatchObject({ ok: false, reason: 'malformed' });
    expect(parsed.ok ? '' : parsed.message).toContain(expected);
  });

  it('an override without action', () => {
    const [value] = fc.sample(override, { numRuns: 1, seed: 1 });
    const { id, junction: j, source, reason, by, expiresMs } = encodeOverride(value as never);
    expect(parseOverride({ id, junction: j, source, reason, by, expiresMs })).toMatchObject({ ok: false, reason: 'malformed' });
  });

  it('a head with a number that is no lamp', () => {
    expect(parseHeads(Uint8Array.of(1, 8))).toEqual({ ok: false, reason: 'malformed', message: 'head 1 is 8: expected a Lamp, 1…7' });
  });
});
