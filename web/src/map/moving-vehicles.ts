import { VEHICLE_CLASSES, VEHICLE_STRIDE } from '@songxanh/wire/live';
import type { Feature, FeatureCollection, Point } from 'geojson';

interface Place {
  readonly lon: number;
  readonly lat: number;
  readonly heading: number;
  readonly kind: string;
  /** dm/s */
  readonly speed: number;
}

const DEGREES = 1e-7;

/** The vehicles of a frame by their numbers; those that are not shown are left out. */
export const parseVehicles = (
  flat: ArrayLike<number>,
  isShown: (lon: number, lat: number) => boolean = () => true,
): ReadonlyMap<number, Place> => {
  const places = new Map<number, Place>();
  for (let i = 0; i + VEHICLE_STRIDE <= flat.length; i += VEHICLE_STRIDE) {
    const lon = flat[i + 1]! * DEGREES;
    const lat = flat[i + 2]! * DEGREES;
    if (!isShown(lon, lat)) continue;
    const kind = VEHICLE_CLASSES[flat[i + 4]!] ?? 'other';
    places.set(flat[i]!, { lon, lat, kind, heading: flat[i + 3]!, speed: flat[i + 5]! });
  }
  return places;
};

/** Vehicles between two frames: `share` 0 is the older one, 1 the newer one. Heading turns the short way. */
export const interpolateVehicles = (
  from: ReadonlyMap<number, Place>,
  to: ReadonlyMap<number, Place>,
  share: number,
  /** Only these. */
  isWanted: (id: number) => boolean = () => true,
): FeatureCollection<Point> => {
  const features: Feature<Point>[] = [];
  for (const [id, place] of to) {
    if (!isWanted(id)) continue;
    const old = from.get(id) ?? place;
    const turn = ((place.heading - old.heading + 540) % 360) - 180;
    features.push({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [old.lon + (place.lon - old.lon) * share, old.lat + (place.lat - old.lat) * share] },
      properties: { number: id, class: place.kind, speed: place.speed, heading: old.heading + turn * share },
    });
  }
  return { type: 'FeatureCollection', features };
};
