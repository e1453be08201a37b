import type { Connection, NetworkEdge, NetworkNode } from '@songxanh/core';

/**
 * Position of each connection among its node's requests, -1 for those without one. SUMO numbers the links of a node by its incoming lanes in
 * order, per lane in the order of the file, leaving out links onto walking areas (MSRightOfWayJunction::postloadInit).
 */
export const requestIndices = (
  connections: readonly Connection[],
  nodes: ReadonlyMap<string, NetworkNode>,
  edges: ReadonlyMap<string, NetworkEdge>,
): readonly number[] => {
  const outOf = new Map<string, number[]>();
  connections.forEach((connection, i) => {
    if (edges.get(connection.toEdge)?.kind === 'walking-area') return;
    const from = edges.get(connection.fromEdge);
    if (from?.kind === 'walking-area' && edges.get(connection.toEdge)?.kind !== 'crossing') return;
    const lane = from?.lanes[connection.fromLane]?.id;
    if (lane === undefined) return;
    const links = outOf.get(lane);
    if (links === undefined) outOf.set(lane, [i]);
    else links.push(i);
  });
  const indices = connections.map(() => -1);
  for (const node of nodes.values()) {
    if (node.foes.length === 0) continue;
    node.incomingLanes
      .flatMap((lane) => outOf.get(lane) ?? [])
      .forEach((i, index) => {
        if (index < node.foes.length) indices[i] = index;
      });
  }
  return indices;
};
