import { accept, after, isGreen, refuse, seconds, type JunctionId, type Override, type Result, type SignalGroupId } from '@songxanh/core';
import type { OverrideClient } from './override-client.ts';
import { openTestStreet, type TestStreet } from '../testing/corridor.ts';
import { openStreetMap } from '../street/street-map.ts';
import { pointAt } from '../street/polyline.ts';
import { corridor } from '../testing/corridor.ts';

// Eight controllers for some minutes; wall time for a crowded machine.
jest.setTimeout(60_000);

const WAY = 'W0_J1 J1_J2 J2_J3 J3_J4 J4_J5 J5_J6 J6_J7 J7_J8 J8_E9'.split(' ');

/** What is given at one second is in force at the junctions from the next on, as through gateway and agent. */
const desk = (): { client: OverrideClient; attach: (street: TestStreet) => void; given: string[] } => {
  let street: TestStreet | undefined;
  let serial = 0;
  const given: string[] = [];
  const client: OverrideClient = {
    give: (junction: JunctionId, override: Omit<Override, 'id'>) => {
      serial += 1;
      street?.overrides.set(junction, { ...override, id: String(serial) });
      given.push(`give ${junction}`);
      return Promise.resolve(accept(String(serial)));
    },
    release: (junction) => {
      street?.overrides.delete(junction);
      given.push(`release ${junction}`);
      return Promise.resolve(accept(true));
    },
  };
  return { client, attach: (opened) => (street = opened), given };
};

const greenFor = (street: TestStreet, junction: string, group: SignalGroupId): boolean =>
  street.signals(junction).lamps.some((lamp) => lamp.group === group && isGreen(lamp.lamp));

describe("an emergency vehicle's wave over the corridor", () => {
  it.each([0, 40, 80])('meets green at all eight signals, begun at second %i of the cycle, and every junction goes back', async (shift) => {
    const { client, attach, given } = desk();
    const street = await openTestStreet({
      overrides: client,
      findClient: () => ({ name: 'dispatch', classes: ['fire'] }),
    });
    attach(street);
    street.pass(shift);
    const { network, sites } = await corridor();
    const route = openStreetMap(network, sites).routeOver(WAY);
    const place = (m: number) => street.app.geo.toLonLat(pointAt(route.line, m));
    const answer = await street.app.http.inject({
      method: 'POST',
      url: '/api/priority/emergencies',
      payload: { vehicle: 'fire-1', vehicleClass: 'fire', from: place(5), to: place(3100) },
    });
    expect(answer.statusCode).toBe(201);
    // It leaves its station once the first junction has had its time to clear, and sends its position every two seconds, three late.
    const SPEED_MPS = 12;
    const stopped: string[] = [];
    let m = 5;
    const seen: { readonly m: number; readonly at: number }[] = [];
    for (let s = 0; s < 300 && m < 3100; s++) {
      street.pass(1);
      const now = street.now();
      const next = route.stopLines.find(({ distanceM }) => distanceM > m && distanceM <= m + SPEED_MPS);
      if (next !== undefined && !greenFor(street, next.junction, next.group))
        stopped.push(`${next.junction} at ${String(Math.round(m))} m`);
      m += SPEED_MPS;
      seen.push({ m, at: now });
      const late = seen.at(-4);
      if (s % 2 === 0 && late !== undefined)
        await street.app.http.inject({
          method: 'POST',
          url: '/api/priority/positions',
          payload: [{ vehicle: 'fire-1', ...place(late.m), atMs: late.at }],
        });
    }
    expect(stopped).toEqual([]);
    const end = await street.app.http.inject({ method: 'DELETE', url: '/api/priority/emergencies/fire-1' });
    expect([204, 404]).toContain(end.statusCode);
    street.pass(5);
    expect(street.overrides.size).toBe(0);
    expect(given.filter((one) => one.startsWith('release'))).toHaveLength(8);
    // Behind it the junctions are run by their own plans again.
    for (const junction of sites.keys()) expect(street.signals(junction).source).toBe('time-of-day');
    await street.app.http.close();
  });

  it('ends by itself when nobody hears of the vehicle any more', async () => {
    const { client, attach } = desk();
    const street = await openTestStreet({ overrides: client, findClient: () => ({ name: 'dispatch', classes: ['fire'] }) });
    attach(street);
    const { network, sites } = await corridor();
    const route = openStreetMap(network, sites).routeOver(WAY);
    const place = (m: number) => street.app.geo.toLonLat(pointAt(route.line, m));
    const payload = { vehicle: 'fire-1', vehicleClass: 'fire', from: place(5), to: place(3100) };
    await street.app.http.inject({ method: 'POST', url: '/api/priority/emergencies', payload });
    await street.app.http.inject({
      method: 'POST',
      url: '/api/priority/positions',
      payload: [{ vehicle: 'fire-1', ...place(100), atMs: after(street.now(), seconds(0)) }],
    });
    street.pass(30);
    expect(street.overrides.size).toBeGreaterThan(0);
    street.pass(130);
    expect(street.overrides.size).toBe(0);
    await street.app.http.close();
  });
});

describe('what the requester of a wave is told', () => {
  /** A wave just when its first junction is asked for. */
  const started = async (give: OverrideClient['give'], before: (street: TestStreet) => void = () => undefined): Promise<TestStreet> => {
    let isAsked = false;
    const client: OverrideClient = {
      give: (junction, override, now) => {
        isAsked ||= junction === 'J1';
        return give(junction, override, now);
      },
      release: () => Promise.resolve(accept(true)),
    };
    const street = await openTestStreet({ overrides: client, findClient: () => ({ name: 'dispatch', classes: ['fire'] }) });
    const { network, sites } = await corridor();
    const route = openStreetMap(network, sites).routeOver(WAY);
    const place = (m: number) => street.app.geo.toLonLat(pointAt(route.line, m));
    const payload = { vehicle: 'fire-1', vehicleClass: 'fire', from: place(5), to: place(3100) };
    await street.app.http.inject({ method: 'POST', url: '/api/priority/emergencies', payload });
    before(street);
    for (let s = 0; s < 60 && !isAsked; s++) street.pass(1);
    expect(isAsked).toBe(true);
    return street;
  };
  const toldAt = async (street: TestStreet, junction: string): Promise<object | undefined> => {
    // What the gateway has answered by now is heard.
    await new Promise(setImmediate);
    const [wave] = (await street.app.http.inject('/api/priority/emergencies')).json<{ junctions: { junction: string }[] }[]>();
    return wave?.junctions.find((one) => one.junction === junction);
  };
  const refused = async (street: TestStreet): Promise<Record<string, number>> =>
    (await street.app.http.inject('/api/priority/health')).json<{ refused: Record<string, number> }>().refused;

  it('is granted only when the gateway has accepted', async () => {
    let answer: (result: Result<string>) => void = () => undefined;
    const street = await started((junction) => new Promise((resolve) => (answer = junction === 'J1' ? resolve : answer)));
    expect(await toldAt(street, 'J1')).toMatchObject({ status: 'processing', reason: 'preemption-asked' });
    answer(accept('o1'));
    expect(await toldAt(street, 'J1')).toMatchObject({ status: 'granted', reason: 'preemption' });
    expect(await toldAt(street, 'J8')).not.toHaveProperty('status');
    await street.app.http.close();
  });

  it('is rejected with the reason when the gateway refuses, counted once, and granted when it accepts at last', async () => {
    let isThere = false;
    let tries = 0;
    const street = await started(() => {
      tries += 1;
      return Promise.resolve(isThere ? accept('o1') : refuse('gateway-unavailable', 'HTTP 503'));
    });
    expect(await toldAt(street, 'J1')).toMatchObject({ status: 'rejected', reason: 'gateway-unavailable' });
    street.pass(1);
    await toldAt(street, 'J1');
    expect(tries).toBeGreaterThan(1);
    const counted = (await refused(street))['gateway-unavailable'];
    isThere = true;
    street.pass(1);
    expect(await toldAt(street, 'J1')).toMatchObject({ status: 'granted' });
    expect((await refused(street))['gateway-unavailable']).toBe(counted);
    await street.app.http.close();
  });

  it('is to watch for others while somebody above has the junction', async () => {
    const street = await started(
      () => Promise.resolve(accept('o1')),
      ({ overrides, now }) =>
        overrides.set('J1', {
          ...{ id: 'm1', source: 'manual', action: { kind: 'hold' }, reason: 'police', by: 'police' },
          expires: after(now(), seconds(90)),
        }),
    );
    await toldAt(street, 'J1');
    street.pass(1);
    expect(await toldAt(street, 'J1')).toMatchObject({ status: 'watchOtherTraffic', reason: 'manual' });
    await street.app.http.close();
  });
});
