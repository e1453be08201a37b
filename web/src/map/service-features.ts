import type { TransitVehicle } from '@songxanh/wire/live';
import type { EmergencyView, Works } from '@songxanh/wire/room';
import type { Feature, FeatureCollection } from 'geojson';

const collection = (features: Feature[]): FeatureCollection => ({ type: 'FeatureCollection', features });

/** Closed lanes, and those that will be: announced works that close something. */
export const closureFeatures = (network: FeatureCollection, works: readonly Works[], now: number): FeatureCollection => {
  const state = new Map<string, 'closed' | 'planned'>();
  for (const { closes = [], from, to } of works) {
    if (to <= now) continue;
    for (const id of closes) if (state.get(id) !== 'closed') state.set(id, from <= now ? 'closed' : 'planned');
  }
  if (state.size === 0) return collection([]);
  return collection(
    network.features.flatMap(({ geometry, properties }): Feature[] => {
      if (properties?.['kind'] !== 'lane' || properties['internal'] === true) return [];
      const is = state.get(String(properties['id'])) ?? state.get(String(properties['edge']));
      return is === undefined ? [] : [{ type: 'Feature', geometry, properties: { state: is, widthM: Number(properties['widthM']) } }];
    }),
  );
};

/** Followed buses; the icon's name carries the line and the whole minutes of lateness (icons.ts). */
export const transitFeatures = (vehicles: readonly TransitVehicle[]): FeatureCollection =>
  collection(
    vehicles.map(({ vehicle, line, lon, lat, latenessS }) => ({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [lon, lat] },
      properties: { vehicle, icon: `bus|${line}|${latenessS === null ? '' : String(Math.trunc(latenessS / 60))}` },
    })),
  );

/** Emergency vehicles and the rest of their way. */
export const emergencyFeatures = (emergencies: readonly EmergencyView[]): FeatureCollection =>
  collection(
    emergencies.flatMap(({ vehicle, lon, lat, way }): Feature[] => [
      { type: 'Feature', geometry: { type: 'LineString', coordinates: way.map((point) => [...point]) }, properties: { vehicle } },
      { type: 'Feature', geometry: { type: 'Point', coordinates: [lon, lat] }, properties: { vehicle } },
    ]),
  );
