import fc from 'fast-check';
import { junctionId, laneId, signalGroupId } from '../ids.ts';
import type { LampInterval, Timeline } from '../plan/timeline.ts';
import { measuredFourArms } from '../testing/point-queue-world.ts';
import { MONDAY_7 } from '../testing/sites.ts';
import { after, milliseconds, minutes, seconds, type Instant } from '../time.ts';
import { DEFAULT_POLICY, type PriorityPolicy } from './policy.ts';
import { requestId, REQUEST_STATUSES, type PriorityRequest } from './priority-request.ts';
import { activeRequests, MOST_REQUESTS, openDesk, stepDesk, type DeskEffect, type DeskInput, type RequestDesk } from './request-desk.ts';

const site = measuredFourArms();
const at = (s: number): Instant => after(MONDAY_7, milliseconds(s * 1000));

const bus = (change: Partial<PriorityRequest> = {}, arrivesS = 30): PriorityRequest => ({
  id: requestId('bus-1'),
  junction: site.id,
  requester: 'transit',
  vehicle: 'bus-1',
  vehicleClass: 'transit',
  group: signalGroupId('TN'),
  lane: laneId('TN_0'),
  arrival: { earliest: at(arrivesS), latest: at(arrivesS + 6) },
  persons: 40,
  line: '32',
  standing: {},
  ...change,
});

/** TN is green in the given spans, s; everything else is red. */
const greens = (...spans: readonly (readonly [number, number])[]): Timeline => {
  const intervals = spans.map(([from, to]): LampInterval => ({ lamp: 'green', from: at(from), to: at(to) }));
  return new Map(site.groups.map(({ id }) => [id, id === 'TN' ? intervals : []]));
};

/** Runs inputs, each at its second; effects of all. */
const run = (inputs: readonly (readonly [number, DeskInput])[]): { desk: RequestDesk; effects: readonly DeskEffect[] } => {
  let desk = openDesk();
  const effects: DeskEffect[] = [];
  for (const [s, input] of inputs) {
    const step = stepDesk(site, desk, at(s), input);
    desk = step.desk;
    effects.push(...step.effects);
  }
  return { desk, effects };
};
const ask = (request = bus(), policy: Partial<PriorityPolicy> = {}): DeskInput => ({
  kind: 'request',
  request,
  policy: { ...DEFAULT_POLICY, ...policy },
});
const street = (timeline: Timeline, preempted = false): DeskInput => ({ kind: 'street', timeline, preempted });
const statuses = (effects: readonly DeskEffect[]): readonly string[] =>
  effects.flatMap((effect) => (effect.kind === 'status' ? [`${effect.status}: ${effect.reason}`] : []));
const codes = (effects: readonly DeskEffect[]): readonly number[] =>
  effects.flatMap((effect) => (effect.kind === 'event' ? [effect.event.code] : []));
const ends = (effects: readonly DeskEffect[]): readonly string[] =>
  effects.flatMap((effect) => (effect.kind === 'closed' ? [effect.end] : []));

describe('a request for priority', () => {
  it('is weighed, granted when the plan in force has green at its arrival, and ends when the vehicle has passed', () => {
    const { desk, effects } = run([
      [0, ask()],
      [1, street(greens([60, 80]))],
      [2, street(greens([28, 50]))],
      [4, { kind: 'passed', id: requestId('bus-1') }],
    ]);
    expect(statuses(effects)).toEqual(['processing: weighed', 'granted: green-at-arrival']);
    expect(codes(effects)).toEqual([112, 118, 113, 115, 119]);
    expect(ends(effects)).toEqual(['checked-out']);
    expect(desk.held).toEqual([]);
  });

  it('that finds its group green already is served by a longer green', () => {
    expect(
      codes(
        run([
          [0, ask()],
          [1, street(greens([-5, 50]))],
        ]).effects,
      ),
    ).toEqual([112, 118, 114]);
  });

  it('counts as granted late when the green comes only after it may have arrived', () => {
    const { desk, effects } = run([
      [0, ask()],
      [1, street(greens([34, 50]))],
    ]);
    expect(statuses(effects)).toContain('granted: green-after-arrival');
    expect(desk.held[0]?.late).toBe(true);
  });

  it('lives eight seconds without an update and on with one', () => {
    expect(
      ends(
        run([
          [0, ask()],
          [9, street(greens())],
        ]).effects,
      ),
    ).toEqual(['expired']);
    const { desk, effects } = run([
      [0, ask()],
      [7, ask()],
      [14, street(greens())],
    ]);
    expect(ends(effects)).toEqual([]);
    expect(activeRequests(desk)).toHaveLength(1);
  });

  it('is taken back by its requester only', () => {
    const id = requestId('bus-1');
    expect(
      ends(
        run([
          [0, ask()],
          [1, { kind: 'cancel', id, requester: 'somebody else' }],
        ]).effects,
      ),
    ).toEqual([]);
    expect(
      ends(
        run([
          [0, ask()],
          [1, { kind: 'cancel', id, requester: 'transit' }],
        ]).effects,
      ),
    ).toEqual(['cancelled']);
  });

  it.each([
    ['an id that somebody else holds', bus({ requester: 'another' }), 'duplicate-id'],
    ['another junction', bus({ id: requestId('b'), junction: junctionId('nowhere') }), 'unknown-approach'],
    ['a pedestrian group', bus({ id: requestId('b'), group: signalGroupId('PN') }), 'unknown-approach'],
    ['a lane that its group does not serve', bus({ id: requestId('b'), lane: laneId('TE_0') }), 'unknown-lane'],
    [
      'an arrival that ends before it begins',
      bus({ id: requestId('b'), arrival: { earliest: at(20), latest: at(10) } }),
      'arrival-backwards',
    ],
    ['an arrival in an hour', bus({ id: requestId('b') }, 3600), 'too-far-ahead'],
  ])('with %s is rejected and changes nothing', (_, request, reason) => {
    const before = run([[0, ask()]]).desk;
    const step = stepDesk(site, before, at(1), ask(request));
    expect(statuses(step.effects)).toEqual([`rejected: ${reason}`]);
    expect(step.desk).toEqual(before);
  });

  it('is rejected when more vehicles than the junction can hold ask', () => {
    const many = Array.from({ length: MOST_REQUESTS + 1 }, (_, i): readonly [number, DeskInput] => [
      0,
      ask(bus({ id: requestId(`b${String(i)}`) })),
    ]);
    const { desk, effects } = run(many);
    expect(desk.held).toHaveLength(MOST_REQUESTS);
    expect(statuses(effects).at(-1)).toBe('rejected: too-many-requests');
  });

  it('is weighed only once the vehicle is late enough, where the policy asks for it', () => {
    const policy = { kind: 'conditional', conditions: { latenessAtLeast: minutes(2) } } as const;
    const { desk, effects } = run([
      [0, ask(bus(), policy)],
      [1, ask(bus({ standing: { lateness: minutes(1) } }), policy)],
      [2, ask(bus({ standing: { lateness: minutes(3) } }), policy)],
    ]);
    expect(statuses(effects)).toEqual(['rejected: conditions-not-met', 'processing: weighed']);
    expect(activeRequests(desk)).toHaveLength(1);
  });

  it('waits for the reservice time after the last one on its group, and for the lockout after any', () => {
    const done: readonly (readonly [number, DeskInput])[] = [
      [0, ask(bus(), { lockout: seconds(20), reservice: seconds(60) })],
      [1, street(greens([-5, 50]))],
      [2, { kind: 'passed', id: requestId('bus-1') }],
    ];
    const second = bus({ id: requestId('bus-2') }, 70);
    const across = bus({ id: requestId('bus-3'), group: signalGroupId('TE'), lane: laneId('TE_0') }, 70);
    expect(statuses(run([...done, [3, ask(across)]]).effects).at(-1)).toBe('reserviceLocked: lockout');
    expect(statuses(run([...done, [30, ask(across)]]).effects).at(-1)).toBe('processing: weighed');
    expect(statuses(run([...done, [30, ask(second)]]).effects).at(-1)).toBe('reserviceLocked: reservice');
    expect(statuses(run([...done, [63, ask(second)]]).effects).at(-1)).toBe('processing: weighed');
  });

  it('gives way to a preemption and to the cap on what others may lose, and weighs nothing meanwhile', () => {
    const preempted = run([
      [0, ask()],
      [1, street(greens([28, 50]), true)],
    ]);
    expect(statuses(preempted.effects).at(-1)).toBe('watchOtherTraffic: preempted');
    expect(activeRequests(preempted.desk)).toEqual([]);
    const capped = stepDesk(site, run([[0, ask()]]).desk, at(1), {
      kind: 'street',
      timeline: greens(),
      preempted: false,
      exhausted: new Set([requestId('bus-1')]),
    });
    expect(statuses(capped.effects)).toEqual(['watchOtherTraffic: cost-cap']);
  });

  it('has stood in the way long enough after its longest presence', () => {
    const updates = (n: number) =>
      Array.from({ length: n }, (_, i): readonly [number, DeskInput] => [i * 5, ask(bus({}, 20), { maxPresence: seconds(30) })]);
    // Counted from when it was to come, not from when it asked.
    expect(statuses(run(updates(10)).effects)).not.toContain('maxPresence: max-presence');
    expect(statuses(run(updates(12)).effects)).toContain('maxPresence: max-presence');
  });

  it('of an emergency vehicle is held but not weighed: it preempts', () => {
    expect(activeRequests(run([[0, ask(bus({ vehicleClass: 'ambulance' }))]]).desk)).toEqual([]);
  });
});

test('whatever comes in any order, nobody is forgotten: each request that checked in ends once, and its service ends if it began', () => {
  const ids = ['a', 'b', 'c'];
  const input = fc.oneof(
    fc.record({ id: fc.constantFrom(...ids), arrives: fc.integer({ min: -20, max: 300 }), requester: fc.constantFrom('x', 'y') }).map(
      ({ id, arrives, requester }) =>
        (now: number): DeskInput =>
          ask(bus({ id: requestId(id), requester }, now + arrives)),
    ),
    fc.constantFrom(...ids).map((id) => (): DeskInput => ({ kind: 'passed', id: requestId(id) })),
    fc
      .record({ id: fc.constantFrom(...ids), requester: fc.constantFrom('x', 'y') })
      .map(({ id, requester }) => (): DeskInput => ({ kind: 'cancel', id: requestId(id), requester })),
    fc.record({ from: fc.integer({ min: -30, max: 60 }), lasts: fc.integer({ min: 1, max: 60 }), preempted: fc.boolean() }).map(
      ({ from, lasts, preempted }) =>
        (now: number): DeskInput =>
          street(greens([now + from, now + from + lasts]), preempted),
    ),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), input), { maxLength: 60 }), (script) => {
      let now = 0;
      const inputs = script.map(([wait, make]): readonly [number, DeskInput] => [(now += wait), make(now)]);
      const { desk, effects } = run([...inputs, [now + 100, street(greens())]]);
      const count = (code: number): number => codes(effects).filter((one) => one === code).length;
      expect(desk.held).toEqual([]);
      expect(ends(effects)).toHaveLength(count(112));
      expect(count(119)).toBe(count(118));
      expect(count(113) + count(114)).toBe(count(118));
      expect(count(115)).toBe(ends(effects).filter((end) => end === 'checked-out').length);
      for (const effect of effects) if (effect.kind === 'status') expect(REQUEST_STATUSES).toContain(effect.status);
    }),
    { numRuns: 500, seed: 20260105 },
  );
});
