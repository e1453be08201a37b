import { detectorId, type DetectorActuation, type Instant, type JunctionId, type Network, type Site } from '@songxanh/core';
import { VARIABLE, type ObjectValues, type TraciClient } from '@songxanh/traci';

/** Slower than this (m/s) a person stands. */
const STANDS_MPS = 0.1;
const NEXT_EDGE = 0;
const SPEED = 1;
/** Place of the departed persons' ids among the simulation's subscribed values. */
const DEPARTED_PEOPLE = 2;

/** Push button of each signalised crossing (edge id). */
const listButtons = (network: Network, sites: ReadonlyMap<JunctionId, Site>): ReadonlyMap<string, string> =>
  new Map(
    network.connections.flatMap(({ crossing, signal }) => {
      const site = signal && sites.get(signal.program as JunctionId);
      const group = site?.groups.find(({ heads }) => heads.includes(signal!.index));
      const button = site?.detectors.find(({ role, groups }) => role === 'push-button' && group && groups.includes(group.id));
      return crossing !== undefined && button ? [[crossing, button.id] as const] : [];
    }),
  );

/** SUMO's people press no buttons: somebody who stands in front of a crossing does. A button is on while somebody waits. */
export const createPushButtons = async (
  client: TraciClient,
  clock: ObjectValues,
  network: Network,
  sites: ReadonlyMap<JunctionId, Site>,
): Promise<(now: Instant) => Promise<readonly DetectorActuation[]>> => {
  const buttons = listButtons(network, sites);
  if (buttons.size === 0) return () => Promise.resolve([]);
  const people = new Map<string, ObjectValues>();
  const pressed = new Set<string>();
  const follow = async (id: string): Promise<void> => {
    people.set(id, await client.person.subscribe(id, [VARIABLE.nextEdge, VARIABLE.speed]));
  };
  await Promise.all((await client.person.listIds()).map(follow));

  return async (now) => {
    for (const [id, values] of people) {
      if (values.updatedAt === client.answers) continue;
      people.delete(id);
      client.person.forget(id);
    }
    await Promise.all((clock.value(DEPARTED_PEOPLE) as readonly string[]).filter((id) => !people.has(id)).map(follow));
    const waiting = new Set<string>();
    for (const values of people.values()) {
      const button = values.number(SPEED) < STANDS_MPS ? buttons.get(values.string(NEXT_EDGE)) : undefined;
      if (button !== undefined) waiting.add(button);
    }
    const changes = [
      ...[...waiting].filter((id) => !pressed.has(id)).map((id) => ({ detector: detectorId(id), at: now, on: true })),
      ...[...pressed].filter((id) => !waiting.has(id)).map((id) => ({ detector: detectorId(id), at: now, on: false })),
    ];
    for (const { detector, on } of changes) {
      if (on) pressed.add(detector);
      else pressed.delete(detector);
    }
    return changes;
  };
};
