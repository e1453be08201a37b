import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl';
import type { JunctionSummary } from '@songxanh/wire/live';
import type { Feature, FeatureCollection } from 'geojson';
import { LAMP_COLOUR } from '../lamps.ts';

/** Pixels per metre at zoom 0 with MapLibre's 512-pixel tiles; doubles with each zoom level. */
export const pixelsPerMetreAtZoom0 = (latitude: number): number => 1 / (78271.517 * Math.cos((latitude * Math.PI) / 180));

/** A width in metres that scales with the map like the street itself, never thinner than `minPx`. */
const metres = (width: ExpressionSpecification | number, latitude: number, minPx = 0): ExpressionSpecification => {
  const at = (zoom: number): ExpressionSpecification => ['max', minPx, ['*', width, pixelsPerMetreAtZoom0(latitude) * 2 ** zoom]];
  return ['interpolate', ['exponential', 2], ['zoom'], 11, at(11), 22, at(22)];
};

const kind = (...kinds: string[]): ExpressionSpecification => ['in', ['get', 'kind'], ['literal', kinds]];

const lampColour: ExpressionSpecification = [
  'match',
  ['coalesce', ['feature-state', 'lamp'], 'd'],
  ...Object.entries(LAMP_COLOUR).flat(),
  LAMP_COLOUR['d']!,
] as unknown as ExpressionSpecification;

const queueColour = (state: string): ExpressionSpecification => [
  'interpolate',
  ['linear'],
  ['coalesce', ['feature-state', state], 0],
  0,
  '#2b3a40',
  3,
  '#5b4a2a',
  10,
  '#b0642a',
  25,
  '#d8402f',
];

const flowColour = (state: string): ExpressionSpecification => [
  'interpolate',
  ['linear'],
  ['coalesce', ['feature-state', state], 0],
  ...[0, '#2b3a40', 1, '#24405a', 300, '#2a6a9e', 600, '#38a3d1', 1200, '#b4f0ff'],
];

/** What the colour of lanes tells, and far out that of roads: of their worst lane. */
export const laneColour = (flows: boolean): ExpressionSpecification => (flows ? flowColour('flow') : queueColour('queue'));
export const roadColour = (flows: boolean): ExpressionSpecification => (flows ? flowColour('roadFlow') : queueColour('roadQueue'));

/** Farther out lanes are thinner than a pixel: their road is one line. */
const LANES_FROM_ZOOM = 13;

const detectorColour: ExpressionSpecification = [
  'match',
  ['coalesce', ['feature-state', 'state'], '0'],
  '1',
  '#4fd8ff',
  ['s', 'S'],
  '#ffc53d',
  ['x', 'X'],
  '#ff4fd8',
  '#3f5560',
];

const junctionDots = (junctions: readonly JunctionSummary[]): FeatureCollection => ({
  type: 'FeatureCollection',
  features: junctions.map(({ id, position: { lon, lat } }, k): Feature => ({
    type: 'Feature',
    id: k,
    geometry: { type: 'Point', coordinates: [lon, lat] },
    properties: { id },
  })),
});

/** Green under the optimizer, blue under a person, amber under a fallback. */
const chargeColour: ExpressionSpecification = [
  'match',
  ['coalesce', ['feature-state', 'source'], ''],
  'optimizer',
  '#27d17f',
  ['operator', 'manual', 'emergency-preemption', 'rail-preemption'],
  '#5aa9ff',
  '',
  '#5b6b73',
  '#ffc53d',
];

/** The whole look of the map, from the network's own geometry: no outside tiles, fonts or sprites. */
export const mapStyle = (network: FeatureCollection, junctions: readonly JunctionSummary[], latitude: number): StyleSpecification => {
  const layers: LayerSpecification[] = [
    { id: 'ground', type: 'background', paint: { 'background-color': '#0d1518' } },
    { id: 'node', type: 'fill', source: 'network', filter: kind('junction'), paint: { 'fill-color': '#26343a' } },
    {
      id: 'footway',
      type: 'line',
      source: 'network',
      filter: ['all', kind('lane'), ['==', ['get', 'walk'], true], ['!=', ['get', 'internal'], true]],
      paint: { 'line-color': '#1c282d', 'line-width': metres(['get', 'widthM'], latitude) },
    },
    {
      id: 'road',
      type: 'line',
      source: 'network',
      maxzoom: LANES_FROM_ZOOM,
      filter: ['has', 'roadM'],
      paint: { 'line-color': roadColour(false), 'line-width': metres(['get', 'roadM'], latitude, 1) },
    },
    {
      id: 'lane',
      type: 'line',
      source: 'network',
      minzoom: LANES_FROM_ZOOM,
      filter: ['all', kind('lane'), ['!=', ['get', 'walk'], true], ['!=', ['get', 'internal'], true]],
      paint: { 'line-color': laneColour(false), 'line-width': metres(['-', ['get', 'widthM'], 0.25], latitude, 1) },
    },
    {
      id: 'crossing',
      type: 'line',
      source: 'network',
      minzoom: 15,
      filter: kind('crossing'),
      paint: {
        'line-color': lampColour,
        'line-opacity': 0.55,
        'line-width': metres(['get', 'widthM'], latitude, 1),
        'line-dasharray': [0.25, 0.25],
      },
    },
    {
      id: 'closure',
      type: 'line',
      source: 'closures',
      paint: {
        'line-color': ['match', ['get', 'state'], 'closed', '#ff4d5e', '#ffc53d'],
        'line-opacity': 0.75,
        'line-width': metres(['*', ['get', 'widthM'], 0.4], latitude, 3),
        'line-dasharray': [1.5, 1],
      },
    },
    {
      id: 'emergency-way',
      type: 'line',
      source: 'emergencies',
      filter: ['==', ['geometry-type'], 'LineString'],
      paint: { 'line-color': '#ff4d5e', 'line-width': 5, 'line-opacity': 0.55 },
    },
    {
      id: 'bus-stop',
      type: 'line',
      source: 'network',
      minzoom: 14,
      filter: kind('bus-stop'),
      paint: { 'line-color': '#5aa9ff', 'line-width': metres(1, latitude, 2) },
    },
    {
      id: 'detector',
      type: 'line',
      source: 'network',
      minzoom: 15.5,
      filter: kind('detector'),
      paint: { 'line-color': detectorColour, 'line-width': metres(1.8, latitude, 2) },
    },
    {
      id: 'signal',
      type: 'line',
      source: 'network',
      minzoom: 14,
      filter: kind('stop-line'),
      paint: { 'line-color': lampColour, 'line-width': metres(1.2, latitude, 2.5) },
    },
    {
      id: 'junction',
      type: 'circle',
      source: 'junctions',
      maxzoom: 15,
      paint: {
        'circle-color': chargeColour,
        'circle-radius': ['interpolate', ['linear'], ['zoom'], 10, 2.5, 15, 6],
        'circle-stroke-color': '#0d1518',
        'circle-stroke-width': 1,
      },
    },
    {
      id: 'head',
      type: 'circle',
      source: 'network',
      minzoom: 16.5,
      filter: kind('signal-head'),
      paint: {
        'circle-color': lampColour,
        'circle-radius': ['interpolate', ['exponential', 2], ['zoom'], 16, 2, 20, 11],
        'circle-stroke-color': '#0d1518',
        'circle-stroke-width': 1.5,
      },
    },
    {
      id: 'countdown',
      type: 'symbol',
      source: 'countdowns',
      minzoom: 16.5,
      layout: {
        'icon-image': ['concat', 'count-', ['get', 'lamp'], '-', ['get', 'number']],
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
        'icon-size': ['interpolate', ['linear'], ['zoom'], 16, 0.35, 20, 1],
      },
    },
  ];
  layers.push(
    {
      id: 'transit',
      type: 'symbol',
      source: 'transit',
      layout: { 'icon-image': ['get', 'icon'], 'icon-allow-overlap': true, 'icon-ignore-placement': true, 'icon-offset': [0, -24] },
    },
    {
      id: 'emergency',
      type: 'symbol',
      source: 'emergencies',
      filter: ['==', ['geometry-type'], 'Point'],
      layout: { 'icon-image': 'emergency', 'icon-allow-overlap': true, 'icon-ignore-placement': true },
    },
  );
  return {
    version: 8,
    sources: {
      network: { type: 'geojson', data: network },
      junctions: { type: 'geojson', data: junctionDots(junctions) },
      countdowns: { type: 'geojson', data: { type: 'FeatureCollection', features: [] } },
      closures: { type: 'geojson', data: { type: 'FeatureCollection', features: [] } },
      transit: { type: 'geojson', data: { type: 'FeatureCollection', features: [] } },
      emergencies: { type: 'geojson', data: { type: 'FeatureCollection', features: [] } },
    },
    layers,
  };
};
