// One junction's file from the drawing and the built network: groups, conflicts and intergreens by geometry.
import { crossingPoint, polylineLength, toLonLat } from './geo.mjs';
import { pathOf } from './net.mjs';
import { armsOf, edgeId, listConnections, listCrossings } from './streets.mjs';

const WALKING_SPEED_MPS = 1.2;
const MIN_WALK_S = 7;
const UPSTREAM_LOOP_M = 90;
const STOP_LINE_LOOP_M = 2;
/** Clearing and entering speeds and the crossing time after the end of green follow RiLSA 2015, 2.7: straight 10 m/s, turning 7 m/s; entering at 40 km/h. */
const CLEARING = { s: { speedMps: 10, crossingTimeS: 3 }, r: { speedMps: 7, crossingTimeS: 2 }, l: { speedMps: 7, crossingTimeS: 2 } };
const ENTERING_SPEED_MPS = 11.1;
const CLEARING_VEHICLE_LENGTH_M = 6;

const TURN_NAMES = { r: 'right', s: 'through', l: 'left' };
const TURN_WORDS = { R: 'right', T: 'straight', L: 'left' };
const round1 = (x) => Math.round(x * 10) / 10;

/** ITE: reaction 1 s, deceleration 3.05 m/s²; whole seconds here, as SUMO steps by seconds. Turning traffic approaches at 40 km/h at most. */
const yellowS = (speedMps, turning) => Math.max(3, Math.ceil(1 + (turning ? Math.min(speedMps, 11.11) : speedMps) / (2 * 3.05) - 0.05));

const intergreenS = (net, from, to, yellow) => {
  const [p, q] = [pathOf(net, from), pathOf(net, to)];
  const meet = crossingPoint(p, q) ?? { p: polylineLength(p), q: polylineLength(q) };
  const toIsCrossing = !to.via;
  // A pedestrian may step out anywhere on the crossing: nothing is gained from the way in.
  const enteringS = toIsCrossing ? 0 : meet.q / ENTERING_SPEED_MPS;
  if (!from.via) return Math.ceil(yellow + Math.max(0, 1 - enteringS));
  const { speedMps, crossingTimeS } = CLEARING[from.dir.toLowerCase()];
  return Math.max(yellow, Math.ceil(crossingTimeS + (meet.p + CLEARING_VEHICLE_LENGTH_M) / speedMps - enteringS));
};

/** Turning traffic may meet pedestrians on the arm it leaves by, a left turn also the oncoming straight and right: it yields. */
const yieldsTo = (a, b) => {
  if (a.kind === 'pedestrian') return false;
  if (b.kind === 'pedestrian') return a.turn !== 'T';
  const opposing = { W: 'E', E: 'W', N: 'S', S: 'N' }[a.arm] === b.arm;
  return a.turn === 'L' && opposing && b.turn !== 'L';
};

/**
 * Where the order is free: each arm's turns alone, with the crossings that meet none of them. Tidal traffic fills one arm's lanes only; two
 * opposing arms together would waste the other's green. No new pair of groups that meet becomes green together.
 */
const approachStages = (list, hard, stages) => {
  const apart = new Set(hard.flatMap(([a, b]) => [`${a}|${b}`, `${b}|${a}`]));
  const fits = (set, id) => set.every((other) => !apart.has(`${id}|${other}`));
  const key = (green) => [...green].sort().join(' ');
  const known = new Set(stages.map((s) => key(s.green)));
  const pedestrians = list.filter((g) => g.kind === 'pedestrian').map((g) => g.id);
  return ['W', 'E', 'N', 'S'].flatMap((arm) => {
    const turns = list.filter((g) => g.kind !== 'pedestrian' && g.arm === arm).map((g) => g.id);
    if (turns.length < 2 || !turns.every((id) => fits(turns, id))) return [];
    const green = pedestrians.reduce((set, id) => (fits(set, id) ? [...set, id] : set), turns);
    return known.has(key(green)) ? [] : [{ id: `only${arm}`, green }];
  });
};

export const makeSite = (streets, net, junction, plansOf) => {
  const links = net.links.get(junction.id);
  const connections = listConnections(streets).filter((c) => c.junction === junction.id);
  const crossings = listCrossings(streets).filter((c) => c.junction === junction.id);
  const groups = new Map();
  const groupOfHead = [];
  const put = (id, head, make) => {
    groups.set(id, groups.get(id) ?? { id, heads: [], ...make() });
    groups.get(id).heads.push(head);
    groupOfHead[head] = id;
  };
  for (const link of links) {
    const edges = net.crossingEdges.get(link.to);
    if (edges === undefined) {
      const { arm, turn } = connections.find((c) => c.from === link.from && c.to === link.to);
      put(`${arm}${turn}`, link.index, () => ({ kind: 'vehicle', arm, turn, lane: link.fromLane }));
    } else {
      const { arm } = crossings.find((c) => c.edges.every((e) => edges.includes(e)));
      const half = edges.length === 1 ? (edges[0].startsWith(`${junction.id}_`) ? 'b' : 'a') : '';
      put(`P${arm}${half}`, link.index, () => ({ kind: 'pedestrian', arm, lengthM: net.lanes.get(`${link.to}_0`).lengthM, crossing: link.to }));
    }
  }
  const list = [...groups.values()];
  const clearance = new Map(
    list.map((g) => [
      g.id,
      g.kind === 'pedestrian' ? Math.ceil(g.lengthM / WALKING_SPEED_MPS) : yellowS(net.lanes.get(g.lane).speedMps, g.turn !== 'T'),
    ]),
  );
  const stages = Object.entries(junction.stages).map(([id, green]) => ({ id, green: green.split(' ') }));
  const together = (a, b) => stages.some((s) => s.green.includes(a) && s.green.includes(b));
  const foes = net.foes.get(junction.id);
  const requestOf = new Map(net.shapes.get(junction.id).intLanes.map((lane, i) => [lane, i]));
  // A left turn's path is split where it may wait; its request belongs to the second part.
  const request = (link) => requestOf.get(link.via ? (net.inner.get(link.via) ?? link.via) : `${link.to}_0`);
  const meet = (a, b) =>
    a.heads.some((i) => b.heads.some((k) => foes[request(links[i])][request(links[k])] || foes[request(links[k])][request(links[i])]));

  const hard = [];
  const permissive = [];
  const intergreensS = {};
  list.forEach((a, i) =>
    list.slice(i + 1).forEach((b) => {
      if (!meet(a, b)) return;
      if (!together(a.id, b.id)) hard.push([a.id, b.id]);
      else if (yieldsTo(a, b)) permissive.push({ yields: a.id, to: b.id });
      else if (yieldsTo(b, a)) permissive.push({ yields: b.id, to: a.id });
      else throw new Error(`${junction.id}: ${a.id} and ${b.id} meet and may not be green together`);
      for (const [x, y] of [
        [a, b],
        [b, a],
      ]) {
        const worst = Math.max(...x.heads.flatMap((h) => y.heads.map((k) => intergreenS(net, links[h], links[k], clearance.get(x.id)))));
        (intergreensS[x.id] ??= {})[y.id] = worst;
      }
    }),
  );

  const order = junction.stageOrder ?? 'skips';
  const everyStage = order === 'free' ? [...stages, ...approachStages(list, hard, stages)] : stages;
  const laneOf = (id) => net.lanes.get(id);
  const laneIds = [...new Set(links.filter((l) => l.via).map((l) => l.fromLane))];
  const movements = links
    .filter((l) => l.via)
    .map((l) => {
      const downstream = streets.junctions.find((j) => armsOf(j).some((a) => edgeId(j.arms[a].node, j.id) === l.to));
      return {
        id: `m${l.index}`,
        group: groupOfHead[l.index],
        fromLane: l.fromLane,
        toLane: l.toLane,
        turn: TURN_NAMES[l.dir.toLowerCase()],
        exitLengthM: round1(laneOf(l.toLane).lengthM),
        ...(downstream ? { downstreamLane: l.toLane } : {}),
      };
    });
  const none = { green: 'none', red: 'none', tailS: 0 };
  const isPedestrian = (g) => g.kind === 'pedestrian';
  const [lon, lat] = toLonLat(streets.origin, junction.at);
  const site = {
    id: junction.id,
    name: junction.name,
    position: { lon: Number(lon.toFixed(6)), lat: Number(lat.toFixed(6)) },
    timeZone: 'Asia/Ho_Chi_Minh',
    mode: 'control',
    headCount: links.length,
    lanes: laneIds.map((id) => ({ id, lengthM: round1(laneOf(id).lengthM), speedMps: laneOf(id).speedMps, widthM: laneOf(id).widthM })),
    movements,
    groups: list.map((g) => ({
      id: g.id,
      kind: g.kind,
      name: isPedestrian(g) ? `crossing of the ${g.arm} arm${/[ab]$/.test(g.id) ? (g.id.endsWith('a') ? ', first half' : ', second half') : ''}` : `from ${g.arm}, ${TURN_WORDS[g.turn]}`,
      heads: g.heads,
      minGreenS: isPedestrian(g) ? MIN_WALK_S : g.turn === 'T' ? 8 : 5,
      maxGreenS: isPedestrian(g) ? 60 : g.turn === 'T' ? 80 : 60,
      clearanceS: clearance.get(g.id),
      minRedS: 2,
      redCapS: isPedestrian(g) ? 120 : 180,
      countdown: isPedestrian(g) && junction.countdown.green === 'none' ? none : junction.countdown,
    })),
    conflicts: { hard, permissive },
    intergreensS,
    crossings: crossings
      .map((c) => c.arm)
      .filter((arm, i, all) => all.indexOf(arm) === i)
      .map((arm) => {
        const halves = list.filter((g) => isPedestrian(g) && g.arm === arm);
        return {
          id: `crossing-${arm}`,
          groups: halves.map((g) => g.id),
          lengthM: round1(halves.reduce((s, g) => s + g.lengthM, 0)),
          walkingSpeedMps: WALKING_SPEED_MPS,
        };
      }),
    stages: everyStage,
    stageOrder: order,
    stageSequence: stages.map((s) => s.id),
    detectors: [
      ...laneIds.flatMap((id) => {
        const called = [...new Set(movements.filter((m) => m.fromLane === id).map((m) => m.group))];
        const shared = { lane: id, groups: called, lengthM: 1.5, delayS: 0, locking: false };
        return [
          { id: `${id}_stop`, role: 'stop-line', ...shared, distanceM: STOP_LINE_LOOP_M, extensionS: 1.5, onFailure: 'minimum' },
          { id: `${id}_up`, role: 'upstream', ...shared, distanceM: UPSTREAM_LOOP_M, extensionS: 2.5, onFailure: 'none' },
        ];
      }),
      ...list.filter(isPedestrian).map((g) => ({
        id: `btn_${junction.id}_${g.id}`,
        role: 'push-button',
        groups: [g.id],
        distanceM: 0,
        lengthM: 0,
        delayS: 0,
        extensionS: 0,
        locking: true,
        onFailure: 'pedestrian',
      })),
    ],
    recalls: list.filter((g) => !isPedestrian(g) && g.turn === 'T' && 'WE'.includes(g.arm)).map((g) => ({ group: g.id, recall: 'minimum' })),
    plans: [],
    schedule: [],
    startUp: { flashS: 5, allRedS: 5, stage: stages[0].id },
    flashYellow: list.filter((g) => !isPedestrian(g) && 'WE'.includes(g.arm)).map((g) => g.id),
    weights: [],
    traffic: 'hanoi',
  };
  return { ...site, ...plansOf(site) };
};

/** Loops of the site as SUMO's additional elements. */
export const loopsOf = (site) =>
  site.detectors
    .filter((d) => d.lane)
    .map((d) => ({ id: d.id, lane: d.lane, pos: `-${d.distanceM}`, period: 3600, file: 'NUL', friendlyPos: 'true' }));
