import { connect, type TraciClient } from './client.ts';
import { DOMAIN, VARIABLE } from './constants.ts';
import { readPassages, readSignalsAhead } from './domains.ts';
import { TraciCommandError, TraciConnectionError } from './errors.ts';
import { buildSmallScenario, hasSumo, startSmallSumo, type SmallScenario, type SmallSumo } from './testing/small-sumo.ts';

const withSumo = hasSumo() ? describe : describe.skip;

withSumo('with a real SUMO (skipped where sumo and netgenerate are not installed)', () => {
  let scenario: SmallScenario;
  let sumo: SmallSumo;
  let client: TraciClient;
  beforeAll(() => {
    scenario = buildSmallScenario();
  });
  afterAll(() => scenario.remove());
  beforeEach(async () => {
    sumo = await startSmallSumo(scenario);
    client = await connect({ port: sumo.port, retries: 500, retryDelayMs: 20 });
  });
  afterEach(() => {
    sumo.stop();
  });

  test('tells the versions of the protocol and of SUMO', async () => {
    const { api, software } = await client.getVersion();
    expect(api).toBeGreaterThanOrEqual(20);
    expect(software).toMatch(/SUMO \d/);
  });

  test('steps one second by default and to a given time otherwise', async () => {
    await client.simStep();
    expect(await client.simulation.getTime()).toBe(1);
    await client.simStep(7);
    expect(await client.simulation.getTime()).toBe(7);
    expect(await client.simulation.getDeltaT()).toBe(1);
    expect(await client.simulation.getMinExpectedNumber()).toBeGreaterThan(0);
  });

  test('knows the signals, their programs and the links behind each index of the state', async () => {
    const ids = await client.trafficLight.listIds();
    expect(ids).toEqual(expect.arrayContaining(['A0', 'A1', 'B0', 'B1']));
    const [state, links, lanes, program] = await Promise.all([
      client.trafficLight.getState('A0'),
      client.trafficLight.listControlledLinks('A0'),
      client.trafficLight.listControlledLanes('A0'),
      client.trafficLight.getProgram('A0'),
    ]);
    expect(links).toHaveLength(state.length);
    expect(links.map((of) => of[0]?.from)).toEqual(lanes);
    expect(links[0]?.[0]?.via).toMatch(/^:A0_/);
    expect(program).toBe('0');
    expect(await client.trafficLight.getPhaseIndex('A0')).toBe(0);
    expect(await client.trafficLight.getNextSwitch('A0')).toBeGreaterThan(0);
  });

  test('holds the state it set for as long as it likes, past every phase of the program', async () => {
    const red = 'r'.repeat((await client.trafficLight.getState('A0')).length);
    await client.trafficLight.setState('A0', red);
    await client.simStep(95);
    expect(await client.trafficLight.getState('A0')).toBe(red);
    await client.trafficLight.setProgram('A0', '0');
    await client.simStep();
    expect(await client.trafficLight.getState('A0')).not.toBe(red);
  });

  test('reads lanes', async () => {
    const lane = 'left0A0_0';
    expect(await client.lane.getMaxSpeed(lane)).toBeCloseTo(13.89);
    expect(await client.lane.getWidth(lane)).toBe(3.2);
    const [length, shape] = await Promise.all([client.lane.getLength(lane), client.lane.getShape(lane)]);
    expect(length).toBeGreaterThan(150);
    expect(shape.length).toBeGreaterThanOrEqual(2);
    expect(shape[0]).toHaveLength(2);
    await client.simStep(10);
    const ids = await client.lane.listLastStepVehicleIds(lane);
    expect(ids).toHaveLength(await client.lane.getLastStepVehicleNumber(lane));
    expect(await client.lane.getLastStepMeanSpeed(lane)).toBeGreaterThan(0);
    expect(await client.lane.getLastStepOccupancy(lane)).toBeGreaterThan(0);
    expect(await client.lane.getLastStepHaltingNumber(lane)).toBe(0);
  });

  test('reads vehicles and the signals ahead of them, nearest first', async () => {
    await client.simStep(5);
    const [vehicle] = await client.vehicle.listIds();
    const [lane, position, speed, type, ahead, route, persons] = await Promise.all([
      client.vehicle.getLane(vehicle!),
      client.vehicle.getLanePosition(vehicle!),
      client.vehicle.getSpeed(vehicle!),
      client.vehicle.getType(vehicle!),
      client.vehicle.listSignalsAhead(vehicle!),
      client.vehicle.listRoute(vehicle!),
      client.vehicle.getPersonNumber(vehicle!),
    ]);
    expect(route[0]).toBe(lane.replace(/_0$/, ''));
    expect(speed).toBeGreaterThan(0);
    expect(type).toBe('DEFAULT_VEHTYPE');
    expect(persons).toBe(0);
    expect(ahead.map((one) => one.signal)).toHaveLength(2);
    expect(ahead[0]?.signal).toBe('A0');
    expect(ahead[0]!.distanceM).toBeCloseTo((await client.lane.getLength(lane)) - position, 1);
    expect(ahead[1]!.distanceM).toBeGreaterThan(ahead[0]!.distanceM);
  });

  test('a subscription brings its values with every step', async () => {
    const vehicles = await client.simulation.subscribe([VARIABLE.time, VARIABLE.departedIds]);
    const lane = await client.lane.subscribe('left0A0_0', [
      VARIABLE.lastStepVehicleNumber,
      VARIABLE.lastStepMeanSpeed,
      VARIABLE.lastStepVehicleIds,
    ]);
    expect(lane.number(0)).toBe(0);
    const departed: string[] = [];
    for (let step = 1; step <= 10; step++) {
      await client.simStep();
      expect(vehicles.number(0)).toBe(step);
      expect(lane.updatedAt).toBe(client.answers);
      expect(lane.value(2)).toHaveLength(lane.number(0));
      departed.push(...(vehicles.value(1) as string[]));
    }
    expect(departed).toContain('east.0');
    expect(lane.number(1)).toBe(await client.lane.getLastStepMeanSpeed('left0A0_0'));
  });

  test('the values of a vehicle that has arrived stay behind those of the last step', async () => {
    await client.simStep(2);
    const first = await client.vehicle.subscribe('east.0', [VARIABLE.laneId, VARIABLE.lanePosition, VARIABLE.nextTls]);
    expect(first.string(0)).toBe('left0A0_0');
    expect(readSignalsAhead(first.reader(2), 250)).toHaveLength(1);
    await client.simStep(99);
    expect(first.updatedAt).toBeLessThan(client.answers);
  });

  test('a context subscription brings the vehicles near a junction', async () => {
    const near = await client.subscribeContext(DOMAIN.junction, 'A0', DOMAIN.vehicle, 100, [VARIABLE.speed]);
    await client.simStep(12);
    expect([...near.objects.keys()]).toContain('east.0');
    expect(near.objects.get('east.0')?.number(0)).toBe(await client.vehicle.getSpeed('east.0'));
  });

  test('tells when a vehicle entered and left a loop, finer than a step', async () => {
    const loop = await client.inductionLoop.subscribe('loop', [VARIABLE.lastStepVehicleData]);
    const passages = [];
    for (let step = 0; step < 30; step++) {
      await client.simStep();
      passages.push(...readPassages(loop.reader(0)));
    }
    const first = passages.find((one) => one.vehicle === 'east.0' && one.leaveS !== undefined)!;
    expect(first.lengthM).toBe(5);
    expect(first.leaveS! - first.enterS).toBeGreaterThan(0.2);
    expect(first.leaveS! - first.enterS).toBeLessThan(1);
    expect(passages.some((one) => !Number.isInteger(one.enterS))).toBe(true);
    expect(await client.inductionLoop.getLane('loop')).toBe('left0A0_0');
    expect(await client.inductionLoop.getPosition('loop')).toBe(100);
  });

  test('an error names the command and SUMO’s reason, and the commands beside it are answered', async () => {
    const [length, error] = await Promise.all([
      client.lane.getLength('left0A0_0'),
      client.lane.getLength('nowhere').catch((e: unknown) => e),
      client.trafficLight.setState('nowhere', 'G').catch(() => undefined),
    ]);
    expect(length).toBeGreaterThan(150);
    expect(error).toBeInstanceOf(TraciCommandError);
    expect((error as TraciCommandError).description).toContain("Lane 'nowhere' is not known");
    await expect(client.vehicle.subscribe('nobody', [VARIABLE.speed])).rejects.toBeInstanceOf(TraciCommandError);
    await client.simStep();
    expect(await client.simulation.getTime()).toBe(1);
  });

  test('a SUMO that dies ends all waiting commands with a named error', async () => {
    sumo.process.kill('SIGKILL');
    await expect(client.simStep()).rejects.toBeInstanceOf(TraciConnectionError);
    await expect(client.simStep()).rejects.toBeInstanceOf(TraciConnectionError);
  });

  test('closing lets SUMO end', async () => {
    const ended = new Promise((resolve) => sumo.process.once('exit', resolve));
    await client.close();
    expect(await ended).toBe(0);
  });
});

test('says where it found nobody', async () => {
  await expect(connect({ port: 1, retries: 1, retryDelayMs: 1 })).rejects.toThrow('no SUMO at 127.0.0.1:1');
});
