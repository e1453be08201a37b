import type { JunctionSummary, ScenarioInfo } from '@songxanh/wire/live';
import type { EmergencyView, Works } from '@songxanh/wire/room';
import type { FeatureCollection } from 'geojson';
import { type GeoJSONSource, type LngLat, Map as MapLibre, NavigationControl, ScaleControl, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StreetFeed } from '../live/live-feed.ts';
import type { PageState } from '../live/live-state.ts';
import { drawMissingIcons } from './icons.ts';
import { type Bounds, isIn, junctionsIn, type View, widen } from './in-view.ts';
import { laneColour, mapStyle } from './layers.ts';
import { closureFeatures, emergencyFeatures, transitFeatures } from './service-features.ts';
import type { Marks } from './marks.ts';
import { interpolateVehicles, parseVehicles } from './moving-vehicles.ts';
import { openPins, type Pins } from './pins.ts';
import { LAYER_NAMES, LAYERS, type LayerName, VEHICLE_LAYERS } from './shown-layers.ts';
import { openStreetPainter } from './street-painter.ts';

interface Props {
  readonly scenario: ScenarioInfo;
  readonly network: FeatureCollection;
  readonly junctions: readonly JunctionSummary[];
  readonly feed: StreetFeed;
  readonly selected: string | undefined;
  readonly marks: Marks;
  readonly hidden: ReadonlySet<LayerName>;
  readonly works: readonly Works[];
  readonly emergencies: readonly EmergencyView[];
  /** Where to look, when somebody has asked for a place. */
  readonly focus: { readonly lon: number; readonly lat: number } | undefined;
  readonly onSelect: (id: string) => void;
}

setWorkerUrl(workerUrl);

/** Vehicles are redrawn this often; between frames they glide. */
const REDRAW_MS = 80;
/** While somebody moves the map, all of them once in this time: its own frames come first. */
const MOVING_REDRAW_MS = 500;
/** More vehicles in view than this go over to the map a part at a time, fewer in one source: each that is handed over costs the map its work. */
const DRAWN_AT_ONCE = 400;
/** Farther out a vehicle is less than a pixel. */
const VEHICLES_FROM_ZOOM = 13;
const SELECTED_ZOOM = 18;
const FOCUS_ZOOM = 16.5;
const CLOSURES_MS = 10_000;
/** The legend covers this much of the map's left side. */
const LEGEND_PX = 190;

export const NetworkMap = ({ scenario, network, junctions, feed, selected, marks, hidden, works, emergencies, focus, onSelect }: Props) => {
  const { t } = useTranslation();
  const container = useRef<HTMLDivElement>(null);
  const mapRef = useRef<MapLibre>(undefined);
  const pinsRef = useRef<Pins>(undefined);
  /** The map, once its layers and sources can be changed. */
  const [loaded, setLoaded] = useState<MapLibre>();
  /** Where the last map looked: the past is shown at the place where the present was. */
  const camera = useRef<{ readonly center: LngLat; readonly zoom: number }>(undefined);
  const select = useRef(onSelect);
  select.current = onSelect;

  useEffect(() => {
    const [west, south, east, north] = scenario.bounds;
    const map = new MapLibre({
      container: container.current!,
      style: mapStyle(network, junctions, (south + north) / 2),
      ...(camera.current ?? {
        bounds: [west, south, east, north],
        fitBoundsOptions: { padding: { top: 40, right: 40, bottom: 40, left: LEGEND_PX } },
      }),
      attributionControl: false,
      maxPitch: 0,
      dragRotate: false,
    });
    mapRef.current = map;
    map.addControl(new NavigationControl({ showCompass: false }), 'top-left');
    map.addControl(new ScaleControl({}), 'bottom-left');
    drawMissingIcons(map);
    const painter = openStreetPainter(map, network, junctions);
    const pins = openPins(map, (id) => select.current(id));
    pinsRef.current = pins;

    const look = (): View => {
      const box = map.getBounds();
      const bounds: Bounds = widen([box.getWest(), box.getSouth(), box.getEast(), box.getNorth()]);
      return { zoom: map.getZoom(), bounds, junctions: junctionsIn(bounds, junctions) };
    };
    let view: View | undefined;
    let shown: PageState | undefined;
    let previous = parseVehicles([]);
    let current = previous;
    let arrivedAt = 0;
    let frameMs = 1000;

    const inView = (lon: number, lat: number): boolean => view !== undefined && isIn(view.bounds, lon, lat);
    const update = (): void => {
      const { state } = feed.read();
      if (!state || !view || state === shown) return;
      painter.paint(state, view);
      if (state.transit !== shown?.transit) void map.getSource<GeoJSONSource>('transit')?.setData(transitFeatures(state.transit ?? []));
      if (view.zoom >= VEHICLES_FROM_ZOOM && state.vehicles !== shown?.vehicles) {
        previous = current;
        current = parseVehicles(state.vehicles, inView);
        const now = performance.now();
        if (arrivedAt > 0) frameMs = Math.min(2000, Math.max(REDRAW_MS, now - arrivedAt));
        arrivedAt = now;
        if (followed !== undefined) follow();
      }
      shown = state;
    };
    /** The view has moved: paint what has come in. */
    const moved = (): void => {
      view = look();
      pins.show(view.junctions);
      if (!shown) return;
      painter.paint(shown, view);
      if (view.zoom >= VEHICLES_FROM_ZOOM) current = parseVehicles(shown.vehicles, inView);
    };
    let drawnAt = 0;
    let isDrawing = false;
    let turn = 0;
    /** Into how many sources the vehicles were dealt at last. */
    let dealt = 0;
    const drawVehicles = (): void => {
      const now = performance.now();
      const parts = current.size > DRAWN_AT_ONCE ? VEHICLE_LAYERS.length : 1;
      // A map that is slow is not asked faster.
      if (!view || view.zoom < VEHICLES_FROM_ZOOM || isDrawing || (map.isMoving() && now - drawnAt < MOVING_REDRAW_MS / Math.max(2, parts)))
        return;
      const share = Math.min(1, (now - arrivedAt) / frameMs);
      turn = (turn + 1) % parts;
      const layers = parts === dealt ? [VEHICLE_LAYERS[turn]!] : VEHICLE_LAYERS;
      dealt = parts;
      drawnAt = now;
      isDrawing = true;
      const done = (): void => void (isDrawing = false);
      void Promise.allSettled(
        layers.flatMap((layer) => {
          const part = VEHICLE_LAYERS.indexOf(layer);
          const shownNow = interpolateVehicles(previous, current, share, (id) => id % parts === part);
          const source = map.getSource<GeoJSONSource>(layer);
          return source ? [source.setData(shownNow)] : [];
        }),
      ).then(done);
    };
    /** A vehicle that was clicked stays in the middle until somebody moves the map or it has arrived. */
    let followed: number | undefined;
    const follow = (): void => {
      const place = followed === undefined ? undefined : current.get(followed);
      if (place === undefined) followed = undefined;
      else map.easeTo({ center: [place.lon, place.lat], duration: Math.min(frameMs, 1000), easing: (x) => x, essential: true });
    };
    let unsubscribe = (): void => undefined;
    let timer = 0;
    map.on('load', () => {
      setLoaded(map);
      moved();
      update();
      map.on('moveend', moved);
      map.on('click', [...VEHICLE_LAYERS], ({ features }) => {
        followed = features?.[0]?.properties['number'] as number | undefined;
        follow();
      });
      for (const event of ['dragstart', 'wheel'] as const) map.on(event, () => (followed = undefined));
      map.on('click', 'junction', ({ features }) => {
        const id = features?.[0]?.properties['id'] as string | undefined;
        if (id !== undefined) select.current(id);
      });
      unsubscribe = feed.subscribe(update);
      timer = window.setInterval(drawVehicles, REDRAW_MS);
    });

    return () => {
      unsubscribe();
      window.clearInterval(timer);
      pins.remove();
      setLoaded(undefined);
      camera.current = { center: map.getCenter(), zoom: map.getZoom() };
      map.remove();
    };
  }, [scenario, network, junctions, feed]);

  useEffect(() => {
    container.current?.classList.toggle('no-names', hidden.has('names'));
    if (!loaded) return;
    loaded.setPaintProperty('lane', 'line-color', laneColour(!hidden.has('flows')));
    for (const name of LAYER_NAMES)
      for (const layer of LAYERS[name]) loaded.setLayoutProperty(layer, 'visibility', hidden.has(name) ? 'none' : 'visible');
  }, [hidden, loaded]);

  useEffect(() => pinsRef.current?.mark(marks, selected), [marks, selected, feed]);

  useEffect(() => {
    const junction = junctions.find(({ id }) => id === selected);
    if (junction) mapRef.current?.flyTo({ center: [junction.position.lon, junction.position.lat], zoom: SELECTED_ZOOM, duration: 800 });
  }, [selected, junctions]);

  useEffect(() => {
    // Works begin and end without anybody's doing.
    const draw = (): void => void loaded?.getSource<GeoJSONSource>('closures')?.setData(closureFeatures(network, works, Date.now()));
    draw();
    if (!works.some(({ closes = [] }) => closes.length > 0)) return;
    const timer = setInterval(draw, CLOSURES_MS);
    return () => clearInterval(timer);
  }, [network, works, loaded]);

  useEffect(() => {
    void loaded?.getSource<GeoJSONSource>('emergencies')?.setData(emergencyFeatures(emergencies));
  }, [emergencies, loaded]);

  useEffect(() => {
    if (focus) mapRef.current?.flyTo({ center: [focus.lon, focus.lat], zoom: FOCUS_ZOOM, duration: 800 });
  }, [focus]);

  return <div ref={container} className="map" role="region" aria-label={t('map')} />;
};
