// Who travels where: entry flows by quarter hours, turning shares at each junction -> flows on routes, and what each signal group must expect.
import { armsOf, edgeId, listConnections } from './streets.mjs';

/** Park and Miller's generator (1988): small, and the same on every machine. */
export const makeRandom = (seed) => {
  let state = seed % 2147483647;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
};

const RARE_ROUTE = 0.002;

/** All routes from an end of the drawing, with their shares. */
export const routesFrom = (streets, demand, end) => {
  const byId = new Map(streets.junctions.map((j) => [j.id, j]));
  const connections = listConnections(streets);
  const walk = (from, to, share, edges, turns) => {
    const here = [...edges, edgeId(from, to)];
    const junction = byId.get(to);
    if (junction === undefined) return share < RARE_ROUTE ? [] : [{ edges: here, share, turns }];
    const arm = armsOf(junction).find((a) => junction.arms[a].node === from);
    const ways = connections
      .filter((c) => c.junction === to && c.arm === arm)
      .filter((c, i, all) => all.findIndex((x) => x.turn === c.turn) === i);
    const shares = demand.turns[to]?.[arm] ?? demand.turns.default[arm];
    const total = ways.reduce((s, w) => s + shares[w.turn], 0);
    return ways.flatMap((w) =>
      walk(to, w.to.slice(to.length + 1), (share * shares[w.turn]) / total, here, [...turns, { junction: to, group: `${arm}${w.turn}` }]),
    );
  };
  const all = demand.entries[end] ? walk(end, neighbourOf(streets, end), 1, [], []) : [];
  const total = all.reduce((s, r) => s + r.share, 0);
  return all.map((r) => ({ ...r, share: r.share / total }));
};

const neighbourOf = (streets, end) => streets.junctions.find((j) => armsOf(j).some((a) => j.arms[a].node === end)).id;

/** Vehicles per hour that each group of each junction must expect in one slice of time. */
export const expectedFlows = (streets, demand, slice) => {
  const flows = new Map();
  for (const end of streets.ends)
    for (const route of routesFrom(streets, demand, end.id))
      for (const { junction, group } of route.turns) {
        const key = `${junction} ${group}`;
        flows.set(key, (flows.get(key) ?? 0) + route.share * demand.entries[end.id].vehPerHour * demand.profiles[demand.entries[end.id].profile][slice]);
      }
  return flows;
};

const CORNER_M = 40;

/** The two pavements that a crossing joins. Pavements lie to the right of their carriageway: arm N has its inbound one in the west. */
const pavements = (junction, arm) => {
  const inbound = (x) => junction.arms[x] && { edge: edgeId(junction.arms[x].node, junction.id), pos: -CORNER_M };
  const outbound = (x) => junction.arms[x] && { edge: edgeId(junction.id, junction.arms[x].node), pos: CORNER_M };
  const ends = {
    W: [inbound('N') ?? outbound('W'), outbound('S') ?? inbound('W')],
    E: [outbound('N') ?? inbound('E'), inbound('S') ?? outbound('E')],
    N: [outbound('W') ?? inbound('N'), inbound('E') ?? outbound('N')],
    S: [inbound('W') ?? outbound('S'), outbound('E') ?? inbound('S')],
  };
  return ends[arm];
};

/** Persons who walk over the crossings, each with a moment of departure; Poisson by crossing and direction. */
export const listWalks = (streets, demand, random) =>
  streets.junctions
    .flatMap((junction) =>
      armsOf(junction)
        .filter((arm) => junction.arms[arm].crossing)
        .flatMap((arm) => {
          const [a, b] = pavements(junction, arm);
          const perHour = demand.walkersPerHour[junction.id] ?? demand.walkersPerHour.default;
          return [
            [a, b],
            [b, a],
          ].flatMap(([from, to]) => {
            const walks = [];
            for (let t = demand.beginS; ; ) {
              t += (-Math.log(1 - random()) * 7200) / perHour;
              if (t >= demand.endS) return walks;
              walks.push({ departS: Math.floor(t), from, to, name: `${junction.id}_${arm}` });
            }
          });
        }),
    )
    .sort((x, y) => x.departS - y.departS || x.name.localeCompare(y.name))
    .map((w, i) => ({ ...w, id: `w${i}_${w.name}` }));
