import type { Connection, Network, SignalProgram } from '@songxanh/core';

/** What a link's letter means to a junction's site: `G` green, `g` green that yields, `y` clearance, `r` red. */
export type Aspect = 'G' | 'g' | 'y' | 'r';

/**
 * SUMO's letters. `s` (go on red after a stop, the right-turn arrow) and the off letters `o` (yield) and `O` (has right of way) let traffic pass
 * and count as greens; `u` (red and yellow) does not yet.
 */
const ASPECTS: Readonly<Record<string, Aspect>> = { G: 'G', O: 'G', g: 'g', s: 'g', o: 'g', y: 'y', u: 'r', r: 'r' };

export const isGo = (aspect: Aspect | undefined): boolean => aspect === 'G' || aspect === 'g';

export interface SignalLink {
  readonly connection: Connection;
  readonly index: number;
  readonly node: string;
  readonly fromLane: string;
  readonly toLane: string;
  readonly pedestrian: boolean;
  /** Aspect in each interval of the program. */
  readonly aspects: readonly Aspect[];
}

/** The links a signal governs, by index. */
export const listSignalLinks = (network: Network, program: SignalProgram): readonly SignalLink[] =>
  network.connections
    .flatMap((connection): SignalLink[] => {
      const { signal } = connection;
      if (signal?.program !== program.id) return [];
      const from = network.edges.get(connection.fromEdge);
      return [
        {
          connection,
          index: signal.index,
          node: from?.to ?? '',
          fromLane: from?.lanes[connection.fromLane]?.id ?? '',
          toLane: network.edges.get(connection.toEdge)?.lanes[connection.toLane]?.id ?? '',
          pedestrian: connection.crossing !== undefined,
          aspects: program.intervals.map(({ state }) => ASPECTS[state[signal.index] ?? 'r'] ?? 'r'),
        },
      ];
    })
    .sort((a, b) => a.index - b.index);

/** Whether two links' paths meet; only links of one node can. */
export const meet = (network: Network, a: SignalLink, b: SignalLink): boolean =>
  a.node === b.node && (network.nodes.get(a.node)?.foes[a.connection.requestIndex]?.[b.connection.requestIndex] ?? false);

/** Whether `a` gives way to `b` by the node's right of way. */
export const givesWay = (network: Network, a: SignalLink, b: SignalLink): boolean =>
  a.node === b.node && (network.nodes.get(a.node)?.yieldsTo[a.connection.requestIndex]?.[b.connection.requestIndex] ?? false);
