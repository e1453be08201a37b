import { laneId, movementId, signalGroupId } from '@songxanh/core';
import type { Connection, Lane, Movement, Network, NetworkLane, Turn } from '@songxanh/core';
import type { LinkGroup } from './link-groups.ts';

const TURNS: Readonly<Record<Connection['direction'], Turn>> = {
  s: 'through',
  l: 'left',
  L: 'left',
  r: 'right',
  R: 'right',
  t: 'u-turn',
  i: 'through',
};

/** Farther than this (m) an exit is as good as endless. */
const LONGEST_EXIT_M = 1000;

/** Lanes that end at the signal's stop lines, in the order of its links. */
export const deriveLanes = (network: Network, groups: readonly LinkGroup[]): readonly Lane[] =>
  [...new Set(groups.filter((group) => !group.pedestrian).flatMap(({ links }) => links.map(({ fromLane }) => fromLane)))].flatMap((id) => {
    const lane = network.lanes.get(id);
    return lane === undefined ? [] : [{ id: laneId(id), lengthM: lane.lengthM, speedMps: lane.speedMps, widthM: lane.widthM }];
  });

/** Connections out of each road lane. */
export type LaneExits = ReadonlyMap<string, readonly Connection[]>;

export const listLaneExits = (network: Network): LaneExits => {
  const exits = new Map<string, Connection[]>();
  for (const connection of network.connections) {
    const from = network.edges.get(connection.fromEdge);
    if (from?.kind !== 'normal' || network.edges.get(connection.toEdge)?.kind !== 'normal') continue;
    const lane = from.lanes[connection.fromLane]?.id ?? '';
    exits.set(lane, [...(exits.get(lane) ?? []), connection]);
  }
  return exits;
};

/** Follows an exit lane as long as it has one way on without a signal: its storage, and the next stop line it leads to. */
const followExit = (network: Network, exits: LaneExits, first: NetworkLane): { readonly lengthM: number; readonly stopLine?: string } => {
  const seen = new Set<string>();
  let lengthM = 0;
  for (let lane: NetworkLane | undefined = first; lane !== undefined && !seen.has(lane.id);) {
    seen.add(lane.id);
    lengthM += lane.lengthM;
    const out: readonly Connection[] = (exits.get(lane.id) ?? []).filter(({ direction }) => direction !== 't');
    if (out.some(({ signal }) => signal !== undefined)) return { lengthM, stopLine: lane.id };
    const [only] = out;
    if (only === undefined || out.length > 1 || lengthM > LONGEST_EXIT_M) break;
    lane = network.edges.get(only.toEdge)?.lanes[only.toLane];
  }
  return { lengthM };
};

/** One movement per lane-to-lane link of vehicles. */
export const deriveMovements = (network: Network, exits: LaneExits, groups: readonly LinkGroup[]): readonly Movement[] =>
  groups
    .filter((group) => !group.pedestrian)
    .flatMap((group) =>
      group.links.flatMap((link): Movement[] => {
        const exit = network.lanes.get(link.toLane);
        if (exit === undefined) return [];
        const { lengthM, stopLine } = followExit(network, exits, exit);
        return [
          {
            id: movementId(`${link.fromLane}>${link.toLane}`),
            group: signalGroupId(group.id),
            fromLane: laneId(link.fromLane),
            toLane: laneId(link.toLane),
            turn: TURNS[link.connection.direction],
            exitLengthM: lengthM,
            ...(stopLine === undefined ? {} : { downstreamLane: laneId(stopLine) }),
          },
        ];
      }),
    );
