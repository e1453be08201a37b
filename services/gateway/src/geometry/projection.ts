import type { Network, Point } from '@songxanh/core';
import proj4 from 'proj4';

/** Network plane, m → [lon, lat], degrees of WGS-84. */
export type ToLonLat = (point: Point) => readonly [number, number];

export interface Projection {
  readonly toLonLat: ToLonLat;
  readonly georeferenced: boolean;
}

/** One degree of the WGS-84 equator: 6378137 m × π / 180. */
const EQUATOR_DEGREE_M = 111_319.49;

/** Networks without projection are laid round 0° E 0° N, where one degree is equally long both ways. */
const local: Projection = { toLonLat: ([x, y]) => [x / EQUATOR_DEGREE_M, y / EQUATOR_DEGREE_M], georeferenced: false };

/** SUMO's `<location>`: plane = projected + netOffset; `!` is no projection, `-` its simple one, which has no place on earth here either. */
export const openProjection = (location: Network['location']): Projection => {
  if (location.projection === '!' || location.projection === '-' || location.projection === '') return local;
  const [dx, dy] = location.offset;
  const converter = proj4(location.projection);
  return {
    toLonLat: ([x, y]) => {
      const [lon = 0, lat = 0] = converter.inverse([x - dx, y - dy]);
      return [lon, lat];
    },
    georeferenced: true,
  };
};
