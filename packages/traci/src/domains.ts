import type { TraciClient } from './client.ts';
import { DOMAIN, VARIABLE } from './constants.ts';
import { TraciProtocolError } from './errors.ts';
import type { MessageReader, Point, Value } from './message-reader.ts';
import type { ContextValues, ObjectValues } from './subscription.ts';

const number = (reader: MessageReader): number => {
  const value = reader.value();
  if (typeof value !== 'number') throw new TraciProtocolError('a number was expected');
  return value;
};
const string = (reader: MessageReader): string => {
  const value = reader.value();
  if (typeof value !== 'string') throw new TraciProtocolError('a string was expected');
  return value;
};
const list = (reader: MessageReader): readonly Value[] => {
  const value = reader.value();
  if (!Array.isArray(value)) throw new TraciProtocolError('a list was expected');
  return value as readonly Value[];
};
const strings = list as (reader: MessageReader) => readonly string[];

/** What every domain can do. */
const domain = (client: TraciClient, code: number) => ({
  listIds: (): Promise<readonly string[]> => client.get(code, VARIABLE.idList, '', strings),
  subscribe: (id: string, variables: readonly number[]): Promise<ObjectValues> => client.subscribe(code, id, variables),
  subscribeContext: (id: string, objects: number, rangeM: number, variables: readonly number[]): Promise<ContextValues> =>
    client.subscribeContext(code, id, objects, rangeM, variables),
  forget: (id: string): void => client.forget(code, id),
});

const getter =
  <T>(client: TraciClient, code: number, variable: number, decode: (reader: MessageReader) => T) =>
  (id: string): Promise<T> =>
    client.get(code, variable, id, decode);

export const simulationDomain = (client: TraciClient) => {
  const of =
    <T>(variable: number, decode: (reader: MessageReader) => T) =>
    (): Promise<T> =>
      client.get(DOMAIN.simulation, variable, '', decode);
  return {
    subscribe: (variables: readonly number[]): Promise<ObjectValues> => client.subscribe(DOMAIN.simulation, '', variables),
    /** Simulated time, s. */
    getTime: of(VARIABLE.time, number),
    /** Length of a step, s. */
    getDeltaT: of(VARIABLE.deltaT, number),
    /** Vehicles and persons running or still to depart. */
    getMinExpectedNumber: of(VARIABLE.minExpected, number),
    listDepartedIds: of(VARIABLE.departedIds, strings),
    listArrivedIds: of(VARIABLE.arrivedIds, strings),
  };
};

/** One signalised link: from lane, to lane, the lane inside the junction. */
export interface ControlledLink {
  readonly from: string;
  readonly to: string;
  readonly via: string;
}

/** A compound of [count, (count of links, link…)…]: the links of each index of the state string. */
const controlledLinks = (reader: MessageReader): readonly (readonly ControlledLink[])[] => {
  const items = list(reader);
  let at = 0;
  return Array.from({ length: items[at++] as number }, () =>
    Array.from({ length: items[at++] as number }, () => {
      const [from = '', to = '', via = ''] = items[at++] as readonly string[];
      return { from, to, via };
    }),
  );
};

export const trafficLightDomain = (client: TraciClient) => {
  const code = DOMAIN.trafficLight;
  return {
    ...domain(client, code),
    getState: getter(client, code, VARIABLE.tlState, string),
    getPhaseIndex: getter(client, code, VARIABLE.tlCurrentPhase, number),
    getProgram: getter(client, code, VARIABLE.tlCurrentProgram, string),
    /** Simulated time of the next change by the program, s. */
    getNextSwitch: getter(client, code, VARIABLE.tlNextSwitch, number),
    listControlledLanes: getter(client, code, VARIABLE.tlControlledLanes, strings),
    listControlledLinks: getter(client, code, VARIABLE.tlControlledLinks, controlledLinks),
    /** One letter per link index; the signal leaves its program and holds this until told otherwise. */
    setState: (id: string, state: string): Promise<void> => client.set(code, VARIABLE.tlState, id, (w) => w.typedString(state)),
    setProgram: (id: string, program: string): Promise<void> => client.set(code, VARIABLE.tlProgram, id, (w) => w.typedString(program)),
    setPhaseIndex: (id: string, index: number): Promise<void> => client.set(code, VARIABLE.tlPhaseIndex, id, (w) => w.typedInt(index)),
    /** Rest of the current phase, s. */
    setPhaseDuration: (id: string, durationS: number): Promise<void> =>
      client.set(code, VARIABLE.tlPhaseDuration, id, (w) => w.typedDouble(durationS)),
  };
};

export const laneDomain = (client: TraciClient) => {
  const code = DOMAIN.lane;
  return {
    ...domain(client, code),
    getLength: getter(client, code, VARIABLE.length, number),
    getWidth: getter(client, code, VARIABLE.width, number),
    getMaxSpeed: getter(client, code, VARIABLE.maxSpeed, number),
    getShape: getter(client, code, VARIABLE.shape, list as (reader: MessageReader) => readonly Point[]),
    getLastStepVehicleNumber: getter(client, code, VARIABLE.lastStepVehicleNumber, number),
    getLastStepHaltingNumber: getter(client, code, VARIABLE.lastStepHaltingNumber, number),
    getLastStepMeanSpeed: getter(client, code, VARIABLE.lastStepMeanSpeed, number),
    getLastStepOccupancy: getter(client, code, VARIABLE.lastStepOccupancy, number),
    listLastStepVehicleIds: getter(client, code, VARIABLE.lastStepVehicleIds, strings),
  };
};

/** A signal ahead on a vehicle's route. */
export interface SignalAhead {
  readonly signal: string;
  readonly linkIndex: number;
  /** From the vehicle's front to the stop line, m. */
  readonly distanceM: number;
  readonly state: string;
}

/** Decodes the signals ahead, nearest first, up to `withinM`; the rest of a long route is not decoded. */
export const readSignalsAhead = (reader: MessageReader, withinM = Number.POSITIVE_INFINITY): SignalAhead[] => {
  const ahead: SignalAhead[] = [];
  reader.ubyte();
  reader.int();
  for (let left = number(reader); left > 0; left--) {
    const signal = string(reader);
    const linkIndex = number(reader);
    const distanceM = number(reader);
    const state = String.fromCharCode(number(reader));
    if (distanceM > withinM) break;
    ahead.push({ signal, linkIndex, distanceM, state });
  }
  return ahead;
};

export const vehicleDomain = (client: TraciClient) => {
  const code = DOMAIN.vehicle;
  return {
    ...domain(client, code),
    getLane: getter(client, code, VARIABLE.laneId, string),
    getLanePosition: getter(client, code, VARIABLE.lanePosition, number),
    getSpeed: getter(client, code, VARIABLE.speed, number),
    getType: getter(client, code, VARIABLE.type, string),
    getVehicleClass: getter(client, code, VARIABLE.vehicleClass, string),
    getPersonNumber: getter(client, code, VARIABLE.personNumber, number),
    /** Public transport line, '' for other vehicles. */
    getLine: getter(client, code, VARIABLE.line, string),
    /** Edges of its route, from the first. */
    listRoute: getter(client, code, VARIABLE.edges, strings),
    listSignalsAhead: getter(client, code, VARIABLE.nextTls, readSignalsAhead),
  };
};

export const personDomain = (client: TraciClient) => {
  const code = DOMAIN.person;
  return {
    ...domain(client, code),
    getRoad: getter(client, code, VARIABLE.roadId, string),
    getSpeed: getter(client, code, VARIABLE.speed, number),
    getNextEdge: getter(client, code, VARIABLE.nextEdge, string),
  };
};

/** One vehicle's passage over a loop; times in s, `leaveS` undefined while it is still on it. */
export interface LoopPassage {
  readonly vehicle: string;
  readonly lengthM: number;
  readonly enterS: number;
  readonly leaveS: number | undefined;
  readonly type: string;
}

/** Decodes `lastStepVehicleData`: everybody who was on the loop during the last step. */
export const readPassages = (reader: MessageReader): LoopPassage[] => {
  reader.ubyte();
  reader.int();
  return Array.from({ length: number(reader) }, () => {
    const vehicle = string(reader);
    const lengthM = number(reader);
    const enterS = number(reader);
    const leaveS = number(reader);
    return { vehicle, lengthM, enterS, leaveS: leaveS < 0 ? undefined : leaveS, type: string(reader) };
  });
};

export const inductionLoopDomain = (client: TraciClient) => {
  const code = DOMAIN.inductionLoop;
  return {
    ...domain(client, code),
    getLane: getter(client, code, VARIABLE.laneId, string),
    /** From the begin of the lane, m. */
    getPosition: getter(client, code, VARIABLE.position, number),
    getLastStepVehicleNumber: getter(client, code, VARIABLE.lastStepVehicleNumber, number),
    listPassages: getter(client, code, VARIABLE.lastStepVehicleData, readPassages),
  };
};

export const laneAreaDomain = (client: TraciClient) => {
  const code = DOMAIN.laneArea;
  return {
    ...domain(client, code),
    getLane: getter(client, code, VARIABLE.laneId, string),
    getLastStepVehicleNumber: getter(client, code, VARIABLE.lastStepVehicleNumber, number),
    getLastStepHaltingNumber: getter(client, code, VARIABLE.lastStepHaltingNumber, number),
    getLastStepOccupancy: getter(client, code, VARIABLE.lastStepOccupancy, number),
    getJamLengthM: getter(client, code, VARIABLE.jamLengthMeters, number),
  };
};
