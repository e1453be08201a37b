import type { JunctionSummary, ScenarioInfo } from '@songxanh/wire/live';
import type { EmergencyView, Works } from '@songxanh/wire/room';
import type { FeatureCollection } from 'geojson';
import {
  type GeoJSONSource,
  type LngLat,
  Map as MapLibre,
  MercatorCoordinate,
  NavigationControl,
  ScaleControl,
  setWorkerUrl,
} from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StreetFeed } from '../live/live-feed.ts';
import type { PageState } from '../live/live-state.ts';
import { drawMissingIcons } from './icons.ts';
import { type Bounds, junctionsIn, type View, widen } from './in-view.ts';
import { laneColour, mapStyle, pixelsPerMetreAtZoom0, roadColour } from './layers.ts';
import { closureFeatures, emergencyFeatures, transitFeatures } from './service-features.ts';
import type { Marks } from './marks.ts';
import { mercator, nextFleet, noFleet, placeIn, vehicleNear } from './moving-vehicles.ts';
import { openPins, type Pins } from './pins.ts';
import { LAYER_NAMES, LAYERS, type LayerName } from './shown-layers.ts';
import { openStreetPainter } from './street-painter.ts';
import { type Gliding, vehicleLayer, VEHICLES_FROM_ZOOM } from './vehicle-layer.ts';

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
/** A click this close to a vehicle means it, px. */
const CLICK_PX = 12;
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
    const scale = new ScaleControl({});
    map.addControl(scale, 'bottom-left');
    // Nobody sees what panning does to it, but each frame would lay the page out anew for it.
    map.off('move', scale._onMove).on('zoom', scale._onMove);
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
    let fleet = noFleet(mercator((west + east) / 2, (south + north) / 2));
    let arrivedAt = 0;
    let frameMs = 1000;
    const share = (): number => Math.min(1, (performance.now() - arrivedAt) / frameMs);

    const update = (): void => {
      const { state } = feed.read();
      if (!state || !view || state === shown) return;
      painter.paint(state, view);
      if (state.transit !== shown?.transit) void map.getSource<GeoJSONSource>('transit')?.setData(transitFeatures(state.transit ?? []));
      if (state.vehicles !== shown?.vehicles) {
        fleet = nextFleet(fleet, state.vehicles);
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
      if (shown) painter.paint(shown, view);
    };
    const glide = (): void => {
      if (fleet.rows.size > 0 && map.getZoom() >= VEHICLES_FROM_ZOOM) map.triggerRepaint();
    };
    /** A vehicle that was clicked stays in the middle until somebody moves the map or it has arrived. */
    let followed: number | undefined;
    const follow = (): void => {
      const place = followed === undefined ? undefined : placeIn(fleet, followed, 1);
      if (place === undefined) followed = undefined;
      else
        map.easeTo({
          center: new MercatorCoordinate(...place).toLngLat(),
          duration: Math.min(frameMs, 1000),
          easing: (x) => x,
          essential: true,
        });
    };
    let unsubscribe = (): void => undefined;
    let timer = 0;
    map.on('load', () => {
      const pxPerM = pixelsPerMetreAtZoom0((south + north) / 2);
      const gliding = (): Gliding => ({ fleet, share });
      map.addLayer(vehicleLayer('vehicle-speed', 'disc', pxPerM, gliding), 'head');
      map.addLayer(vehicleLayer('vehicle', 'icon', pxPerM, gliding), 'head');
      setLoaded(map);
      moved();
      update();
      map.on('moveend', moved);
      map.on('click', ({ lngLat }) => {
        if (map.getZoom() < VEHICLES_FROM_ZOOM || map.getLayoutProperty('vehicle', 'visibility') === 'none') return;
        followed = vehicleNear(fleet, mercator(lngLat.lng, lngLat.lat), CLICK_PX / (512 * 2 ** map.getZoom()), share());
        follow();
      });
      for (const event of ['dragstart', 'wheel'] as const) map.on(event, () => (followed = undefined));
      map.on('click', 'junction', ({ features }) => {
        const id = features?.[0]?.properties['id'] as string | undefined;
        if (id !== undefined) select.current(id);
      });
      unsubscribe = feed.subscribe(update);
      timer = window.setInterval(glide, REDRAW_MS);
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
    loaded.setPaintProperty('road', 'line-color', roadColour(!hidden.has('flows')));
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
