import type { JunctionSummary } from '@songxanh/wire/live';
import type { Feature, FeatureCollection, LineString, Point, Position } from 'geojson';
import type { GeoJSONSource, Map as MapLibre } from 'maplibre-gl';
import type { PageState } from '../live/live-state.ts';
import type { View } from './in-view.ts';
import { degreesAt, numberPlace, placesInArm } from './number-place.ts';

/** Below these zooms the layers draw nothing of it (layers.ts): what is not drawn is not painted. */
const SIGNALS_FROM_ZOOM = 14;
const NUMBERS_FROM_ZOOM = 16.5;

/** Queues are painted by these steps: the eye sees no finer ones, and each change costs the map. */
const LEVELS = [1, 3, 6, 10, 16, 25];
const levelOf = (value: number, levels = LEVELS): number => levels.findLast((level) => value >= level) ?? 0;
/** Flows, vehicles per hour and lane; a lane of a signal's approach passes about 600 to 900. */
const FLOW_LEVELS = [1, 100, 300, 600, 900, 1200];
const LANES_PER_FRAME = 150;
const most = (levels: ReadonlyMap<string, number>, lanes: readonly string[]): number =>
  Math.max(...lanes.map((lane) => levels.get(lane) ?? 0));
/** Who is in charge is painted this often: it changes seldom, and every junction is asked. */
const CHARGE_MS = 250;

interface Road {
  /** The feature of its middle lane stands for it where lanes are too thin to be drawn. */
  readonly id: number;
  readonly lanes: readonly string[];
}

/** The roads, by each of their lanes; marks the lanes that stand for one with its width (layers.ts). */
export const roadsByLane = (network: FeatureCollection): ReadonlyMap<string, Road> => {
  const edges = new Map<string, number[]>();
  network.features.forEach(({ properties }, id) => {
    if (properties?.['kind'] !== 'lane' || properties['internal'] === true || properties['walk'] === true) return;
    const edge = String(properties['edge']);
    const ids = edges.get(edge);
    if (ids) ids.push(id);
    else edges.set(edge, [id]);
  });
  const roads = new Map<string, Road>();
  for (const ids of edges.values()) {
    const of = (id: number): Record<string, unknown> => network.features[id]!.properties!;
    const middle = ids[ids.length >> 1]!;
    of(middle)['roadM'] = ids.reduce((sum, id) => sum + Number(of(id)['widthM']), 0);
    const lanes = ids.map((id) => String(of(id)['id']));
    for (const lane of lanes) roads.set(lane, { id: middle, lanes });
  }
  return roads;
};

/** Which map features show a group's lamp, a lane's queue, a detector's state: found once, by feature id. */
const indexFeatures = (network: FeatureCollection, junctions: readonly JunctionSummary[]) => {
  const byGroup = new Map<string, number[]>();
  const byLane = new Map<string, number>();
  const byDetector = new Map<string, number>();
  const numberOfGroup = new Map<string, Point>();
  const laneShapes = new Map<string, readonly Position[]>();
  for (const { geometry, properties } of network.features)
    if (properties?.['kind'] === 'lane') laneShapes.set(String(properties['id']), (geometry as LineString).coordinates);
  const places = new Map(junctions.map((junction) => [junction.id, placesInArm(junction)]));
  const add = (key: string, id: number): void => {
    const ids = byGroup.get(key);
    if (ids) ids.push(id);
    else byGroup.set(key, [id]);
  };
  network.features.forEach((feature, id) => {
    feature.id = id;
    const p = (feature.properties ?? {}) as Record<string, unknown>;
    if (p['kind'] === 'signal-head' || p['kind'] === 'crossing') add(`${String(p['junction'])}/${String(p['group'])}`, id);
    if (p['kind'] === 'stop-line') add(`${String(p['junction'])}/${String((p['groups'] as string[])[0])}`, id);
    if (p['kind'] === 'lane') byLane.set(String(p['id']), id);
    if (p['kind'] === 'detector') byDetector.set(`${String(p['junction'])}/${String(p['id'])}`, id);
    if (p['kind'] === 'signal-head') {
      const [junction, group] = [String(p['junction']), String(p['group'])];
      const { coordinates: lamp } = feature.geometry as Point;
      const index = places.get(junction)?.get(group) ?? 0;
      const coordinates = numberPlace(lamp, laneShapes.get(String(p['lane'])) ?? [], index, degreesAt(lamp[1] ?? 0));
      numberOfGroup.set(`${junction}/${group}`, { type: 'Point', coordinates });
    }
  });
  return { byGroup, byLane, byDetector, numberOfGroup, roads: roadsByLane(network) };
};

interface NumberShown {
  readonly key: string;
  readonly feature: Feature<Point>;
}

export interface StreetPainter {
  /** Paints what has changed and is in view. */
  readonly paint: (state: PageState, view: View) => void;
}

/** Puts the live state on the map's features: each feature only when what it shows has changed. */
export const openStreetPainter = (map: MapLibre, network: FeatureCollection, junctions: readonly JunctionSummary[]): StreetPainter => {
  const index = indexFeatures(network, junctions);
  /** What is painted already: lamps and detectors by junction, source in charge by junction, queue by lane. */
  const lamps = new Map<string, string>();
  const detectors = new Map<string, string>();
  const charge = new Map<string, string>();
  let queues: PageState['queues'] = {};
  let flows: PageState['flows'];
  const levels = new Map<string, number>();
  const flowLevels = new Map<string, number>();
  const toPaint = new Set<string>();
  let isPainting = false;
  let numbersShown = '';
  let chargedAt = -Infinity;

  const paintSignals = (state: PageState, junction: JunctionSummary): void => {
    const letters = state.signals[junction.id]?.lamps ?? '';
    const before = lamps.get(junction.id) ?? '';
    if (letters !== before) {
      lamps.set(junction.id, letters);
      junction.groups.forEach((group, k) => {
        if (letters[k] === before[k]) return;
        for (const id of index.byGroup.get(`${junction.id}/${group.id}`) ?? [])
          map.setFeatureState({ source: 'network', id }, { lamp: letters[k] ?? 'd' });
      });
    }
    const states = state.detectors[junction.id] ?? '';
    const statesBefore = detectors.get(junction.id) ?? '';
    if (states === statesBefore) return;
    detectors.set(junction.id, states);
    junction.detectors.forEach((detector, k) => {
      if (states[k] === statesBefore[k]) return;
      const id = index.byDetector.get(`${junction.id}/${detector.id}`);
      if (id !== undefined) map.setFeatureState({ source: 'network', id }, { state: states[k] ?? '0' });
    });
  };

  const numbersOf = (state: PageState, shown: readonly JunctionSummary[]): readonly NumberShown[] =>
    shown.flatMap((junction) => {
      const signals = state.signals[junction.id];
      if (!signals) return [];
      return junction.groups.flatMap((group, k): readonly NumberShown[] => {
        const number = signals.countdowns[k];
        const geometry = index.numberOfGroup.get(`${junction.id}/${group.id}`);
        if (number === null || number === undefined || !geometry) return [];
        const lamp = signals.lamps[k] ?? 'd';
        const feature: Feature<Point> = { type: 'Feature', geometry, properties: { lamp, number: String(number) } };
        return [{ key: `${junction.id} ${k} ${lamp}${number}`, feature }];
      });
    });

  const paintQueues = (state: PageState): void => {
    if (state.queues === queues) return;
    const put = (lane: string): void => {
      const now = levelOf(state.queues[lane] ?? 0);
      if (now === (levels.get(lane) ?? 0)) return;
      levels.set(lane, now);
      toPaint.add(lane);
    };
    for (const lane of Object.keys(state.queues)) put(lane);
    for (const lane of Object.keys(queues)) if (state.queues[lane] === undefined) put(lane);
    ({ queues } = state);
    if (!isPainting) paintSome();
  };
  const paintFlows = (state: PageState): void => {
    if (state.flows === flows) return;
    for (const lane of Object.keys({ ...flows, ...state.flows })) {
      const now = levelOf(state.flows?.[lane] ?? 0, FLOW_LEVELS);
      if (now === (flowLevels.get(lane) ?? 0)) continue;
      flowLevels.set(lane, now);
      toPaint.add(lane);
    }
    ({ flows } = state);
    if (!isPainting) paintSome();
  };
  /** A large city's queues change by hundreds at once: some go onto each frame. */
  const paintSome = (): void => {
    let left = LANES_PER_FRAME;
    for (const lane of toPaint) {
      if (left === 0) break;
      left -= 1;
      toPaint.delete(lane);
      const id = index.byLane.get(lane);
      if (id !== undefined)
        map.setFeatureState({ source: 'network', id }, { queue: levels.get(lane) ?? 0, flow: flowLevels.get(lane) ?? 0 });
      const road = index.roads.get(lane);
      if (road !== undefined)
        map.setFeatureState(
          { source: 'network', id: road.id },
          { roadQueue: most(levels, road.lanes), roadFlow: most(flowLevels, road.lanes) },
        );
    }
    isPainting = toPaint.size > 0;
    if (isPainting) requestAnimationFrame(paintSome);
  };

  const paintCharge = (state: PageState): void => {
    junctions.forEach((junction, id) => {
      const source = state.signals[junction.id]?.source ?? '';
      if (charge.get(junction.id) === source) return;
      charge.set(junction.id, source);
      map.setFeatureState({ source: 'junctions', id }, { source });
    });
  };

  /** The map lays out all numbers anew for each change: only when there is one. */
  const paintNumbers = (numbers: readonly NumberShown[]): void => {
    const key = numbers.map(({ key }) => key).join();
    if (key === numbersShown) return;
    numbersShown = key;
    void map
      .getSource<GeoJSONSource>('countdowns')
      ?.setData({ type: 'FeatureCollection', features: numbers.map(({ feature }) => feature) });
  };

  return {
    paint: (state, { zoom, junctions: shown }) => {
      const now = performance.now();
      if (now - chargedAt >= CHARGE_MS) {
        chargedAt = now;
        paintCharge(state);
      }
      if (zoom >= SIGNALS_FROM_ZOOM) for (const junction of shown) paintSignals(state, junction);
      paintNumbers(zoom >= NUMBERS_FROM_ZOOM ? numbersOf(state, shown) : []);
      paintQueues(state);
      paintFlows(state);
    },
  };
};
