import type { Network, Point } from '@songxanh/core';
import proj4 from 'proj4';

/** WGS-84 degrees ↔ the network's plane, m. */
export interface Geo {
  readonly toPlane: (lon: number, lat: number) => Point;
  readonly toLonLat: (point: Point) => { readonly lon: number; readonly lat: number };
}

/** One degree of the WGS-84 equator: 6378137 m × π / 180. Networks without projection are laid round 0° E 0° N. */
const EQUATOR_DEGREE_M = 111_319.49;

export const openGeo = (location: Network['location']): Geo => {
  if (['!', '-', ''].includes(location.projection))
    return {
      toPlane: (lon, lat) => [lon * EQUATOR_DEGREE_M, lat * EQUATOR_DEGREE_M],
      toLonLat: ([x, y]) => ({ lon: x / EQUATOR_DEGREE_M, lat: y / EQUATOR_DEGREE_M }),
    };
  const [dx, dy] = location.offset;
  const converter = proj4(location.projection);
  return {
    toPlane: (lon, lat) => {
      const [x = 0, y = 0] = converter.forward([lon, lat]);
      return [x + dx, y + dy];
    },
    toLonLat: ([x, y]) => {
      const [lon = 0, lat = 0] = converter.inverse([x - dx, y - dy]);
      return { lon, lat };
    },
  };
};
