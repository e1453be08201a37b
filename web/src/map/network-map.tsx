import type { JunctionSummary, ScenarioInfo } from '@songxanh/wire/live';
import type { FeatureCollection } from 'geojson';
import { type GeoJSONSource, Map as MapLibre, NavigationControl, ScaleControl, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { StreetFeed } from '../live/live-feed.ts';
import type { PageState } from '../live/live-state.ts';
import { drawMissingIcons } from './icons.ts';
import { type Bounds, isIn, junctionsIn, type View, widen } from './in-view.ts';
import { mapStyle } from './layers.ts';
import type { Marks } from './marks.ts';
import { interpolateVehicles, parseVehicles } from './moving-vehicles.ts';
import { openPins, type Pins } from './pins.ts';
import { openStreetPainter } from './street-painter.ts';

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
/** Farther out a vehicle is less than a pixel. */
const VEHICLES_FROM_ZOOM = 13;
const SELECTED_ZOOM = 18;
/** The legend covers this much of the map's left side. */
const LEGEND_PX = 190;

export const NetworkMap = ({ scenario, network, junctions, feed, selected, marks, onSelect }: Props) => {
  const { t } = useTranslation();
  const container = useRef<HTMLDivElement>(null);
  const mapRef = useRef<MapLibre>(undefined);
  const pinsRef = useRef<Pins>(undefined);
  const select = useRef(onSelect);
  select.current = onSelect;

  useEffect(() => {
    const [west, south, east, north] = scenario.bounds;
    const map = new MapLibre({
      container: container.current!,
      style: mapStyle(network, junctions, (south + north) / 2),
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

    const update = (): void => {
      const { state } = feed.read();
      if (!state || !view || state === shown) return;
      painter.paint(state, view);
      if (state.vehicles !== shown?.vehicles) {
        previous = current;
        current = parseVehicles(state.vehicles);
        const now = performance.now();
        if (arrivedAt > 0) frameMs = Math.min(2000, Math.max(REDRAW_MS, now - arrivedAt));
        arrivedAt = now;
      }
      shown = state;
    };
    /** The view has moved: paint what has come in. */
    const moved = (): void => {
      view = look();
      pins.show(view.junctions);
      if (shown) painter.paint(shown, view);
    };
    const drawVehicles = (): void => {
      if (!view || view.zoom < VEHICLES_FROM_ZOOM) return;
      const { bounds } = view;
      const share = Math.min(1, (performance.now() - arrivedAt) / frameMs);
      void map
        .getSource<GeoJSONSource>('vehicles')
        ?.setData(interpolateVehicles(previous, current, share, (lon, lat) => isIn(bounds, lon, lat)));
    };
    let unsubscribe = (): void => undefined;
    let timer = 0;
    map.on('load', () => {
      moved();
      update();
      map.on('moveend', moved);
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
      map.remove();
    };
  }, [scenario, network, junctions, feed]);

  useEffect(() => pinsRef.current?.mark(marks, selected), [marks, selected, feed]);

  useEffect(() => {
    const junction = junctions.find(({ id }) => id === selected);
    if (junction) mapRef.current?.flyTo({ center: [junction.position.lon, junction.position.lat], zoom: SELECTED_ZOOM, duration: 800 });
  }, [selected, junctions]);

  return <div ref={container} className="map" role="region" aria-label={t('map')} />;
};
