import type { JunctionSummary, ScenarioInfo } from '@songxanh/wire/live';
import type { Feature, FeatureCollection, Point } from 'geojson';
import { type GeoJSONSource, Map as MapLibre, Marker, NavigationControl, ScaleControl, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { StreetFeed } from '../live/live-feed.ts';
import type { PageState } from '../live/live-state.ts';
import { drawMissingIcons } from './icons.ts';
import { mapStyle } from './layers.ts';
import type { Marks } from './marks.ts';
import { interpolateVehicles, parseVehicles } from './moving-vehicles.ts';

interface Props {
  readonly scenario: ScenarioInfo;
  readonly network: FeatureCollection;
  readonly junctions: readonly JunctionSummary[];
  readonly feed: StreetFeed;
  readonly selected: string | undefined;
  readonly marks: Marks;
  readonly onSelect: (id: string) => void;
}

setWorkerUrl(workerUrl);

/** Vehicles are redrawn this often; between frames they glide. */
const REDRAW_MS = 80;
const SELECTED_ZOOM = 18;
/** The legend covers this much of the map's left side. */
const LEGEND_PX = 190;

/** Which map features show a group's lamp, a lane's queue, a detector's state: found once, by feature id. */
const indexFeatures = (network: FeatureCollection) => {
  const byGroup = new Map<string, number[]>();
  const byLane = new Map<string, number>();
  const byDetector = new Map<string, number>();
  const headOfGroup = new Map<string, Point>();
  const add = (key: string, id: number): void => void byGroup.set(key, [...(byGroup.get(key) ?? []), id]);
  network.features.forEach((feature, id) => {
    feature.id = id;
    const p = (feature.properties ?? {}) as Record<string, unknown>;
    if (p['kind'] === 'signal-head' || p['kind'] === 'crossing') add(`${String(p['junction'])}/${String(p['group'])}`, id);
    if (p['kind'] === 'stop-line') add(`${String(p['junction'])}/${String((p['groups'] as string[])[0])}`, id);
    if (p['kind'] === 'lane') byLane.set(String(p['id']), id);
    if (p['kind'] === 'detector') byDetector.set(`${String(p['junction'])}/${String(p['id'])}`, id);
    if (p['kind'] === 'signal-head') headOfGroup.set(`${String(p['junction'])}/${String(p['group'])}`, feature.geometry as Point);
  });
  return { byGroup, byLane, byDetector, headOfGroup };
};

export const NetworkMap = ({ scenario, network, junctions, feed, selected, marks, onSelect }: Props) => {
  const { t } = useTranslation();
  const container = useRef<HTMLDivElement>(null);
  const mapRef = useRef<MapLibre>(undefined);
  const select = useRef(onSelect);
  select.current = onSelect;

  useEffect(() => {
    const index = indexFeatures(network);
    const [west, south, east, north] = scenario.bounds;
    const map = new MapLibre({
      container: container.current!,
      style: mapStyle(network, (south + north) / 2),
      bounds: [west, south, east, north],
      fitBoundsOptions: { padding: { top: 40, right: 40, bottom: 40, left: LEGEND_PX } },
      attributionControl: false,
      maxPitch: 0,
      dragRotate: false,
    });
    mapRef.current = map;
    map.addControl(new NavigationControl({ showCompass: false }), 'top-left');
    map.addControl(new ScaleControl({}), 'bottom-left');
    drawMissingIcons(map);

    const markers = junctions.map((junction) => {
      const button = document.createElement('button');
      button.className = 'pin';
      button.textContent = junction.name || junction.id;
      button.dataset['junction'] = junction.id;
      button.onclick = () => select.current(junction.id);
      return new Marker({ element: button, anchor: 'bottom', offset: [0, -14] })
        .setLngLat([junction.position.lon, junction.position.lat])
        .addTo(map);
    });

    let shown: PageState | undefined;
    let previous = parseVehicles([]);
    let current = previous;
    let arrivedAt = 0;
    let frameMs = 1000;

    const show = (state: PageState): void => {
      const countdowns: Feature<Point>[] = [];
      for (const junction of junctions) {
        const signals = state.signals[junction.id];
        if (!signals) continue;
        const changed = shown?.signals[junction.id] !== signals;
        junction.groups.forEach((group, k) => {
          const lamp = signals.lamps[k] ?? 'd';
          const key = `${junction.id}/${group.id}`;
          if (changed) for (const id of index.byGroup.get(key) ?? []) map.setFeatureState({ source: 'network', id }, { lamp });
          const number = signals.countdowns[k];
          const head = index.headOfGroup.get(key);
          if (number !== null && number !== undefined && head)
            countdowns.push({ type: 'Feature', geometry: head, properties: { lamp, number: String(number) } });
        });
        const letters = state.detectors[junction.id];
        if (letters !== undefined && letters !== shown?.detectors[junction.id]) {
          junction.detectors.forEach((detector, k) => {
            const id = index.byDetector.get(`${junction.id}/${detector.id}`);
            if (id !== undefined) map.setFeatureState({ source: 'network', id }, { state: letters[k] ?? '0' });
          });
        }
      }
      void map.getSource<GeoJSONSource>('countdowns')?.setData({ type: 'FeatureCollection', features: countdowns });
      if (state.queues !== shown?.queues) {
        for (const lane of new Set([...Object.keys(state.queues), ...Object.keys(shown?.queues ?? {})])) {
          const id = index.byLane.get(lane);
          if (id !== undefined) map.setFeatureState({ source: 'network', id }, { queue: state.queues[lane] ?? 0 });
        }
      }
      if (state.vehicles !== shown?.vehicles) {
        previous = current;
        current = parseVehicles(state.vehicles);
        const now = performance.now();
        if (arrivedAt > 0) frameMs = Math.min(2000, Math.max(REDRAW_MS, now - arrivedAt));
        arrivedAt = now;
      }
      shown = state;
    };

    const update = (): void => {
      const { state } = feed.read();
      if (state) show(state);
    };
    let unsubscribe = (): void => undefined;
    let timer = 0;
    map.on('load', () => {
      update();
      unsubscribe = feed.subscribe(update);
      timer = window.setInterval(() => {
        const share = Math.min(1, (performance.now() - arrivedAt) / frameMs);
        void map.getSource<GeoJSONSource>('vehicles')?.setData(interpolateVehicles(previous, current, share));
      }, REDRAW_MS);
    });

    return () => {
      unsubscribe();
      window.clearInterval(timer);
      markers.forEach((marker) => marker.remove());
      map.remove();
    };
  }, [scenario, network, junctions, feed]);

  useEffect(() => {
    document.querySelectorAll<HTMLElement>('.pin').forEach((pin) => pin.classList.toggle('chosen', pin.dataset['junction'] === selected));
    const junction = junctions.find(({ id }) => id === selected);
    if (junction) mapRef.current?.flyTo({ center: [junction.position.lon, junction.position.lat], zoom: SELECTED_ZOOM, duration: 800 });
  }, [selected, junctions]);

  useEffect(() => {
    document.querySelectorAll<HTMLElement>('.pin').forEach((pin) => {
      const id = pin.dataset['junction'] ?? '';
      pin.classList.toggle('held', marks.held.has(id));
      pin.classList.toggle('alarmed', marks.alarmed.has(id));
    });
  }, [marks, junctions]);

  return <div ref={container} className="map" role="region" aria-label={t('map')} />;
};
