import type { Network, Point } from '@songxanh/core';

/** WGS-84 semi-major axis (m) and flattening. */
const A = 6_378_137;
const F = 1 / 298.257223563;
const DEGREES = 180 / Math.PI;

interface TransverseMercator {
  readonly lon0: number;
  readonly lat0: number;
  readonly scale: number;
  readonly falseEastingM: number;
  readonly falseNorthingM: number;
}

const parseProjection = (projection: string): TransverseMercator | undefined => {
  const value = (key: string): string | undefined => new RegExp(`\\+${key}=(\\S+)`).exec(projection)?.[1];
  const number = (key: string, absent: number): number => Number(value(key) ?? absent);
  if (value('proj') === 'utm') {
    const south = /\+south\b/.test(projection);
    return { lon0: number('zone', 31) * 6 - 183, lat0: 0, scale: 0.9996, falseEastingM: 500_000, falseNorthingM: south ? 10_000_000 : 0 };
  }
  if (value('proj') === 'tmerc')
    return {
      lon0: number('lon_0', 0),
      lat0: number('lat_0', 0),
      scale: number('k', number('k_0', 1)),
      falseEastingM: number('x_0', 0),
      falseNorthingM: number('y_0', 0),
    };
  return undefined;
};

/** Length of the meridian from the equator, m (Snyder, USGS Professional Paper 1395, eq. 3-21). */
const meridianM = (lat: number): number => {
  const e2 = F * (2 - F);
  const e4 = e2 * e2;
  const e6 = e4 * e2;
  return (
    A *
    ((1 - e2 / 4 - (3 * e4) / 64 - (5 * e6) / 256) * lat -
      ((3 * e2) / 8 + (3 * e4) / 32 + (45 * e6) / 1024) * Math.sin(2 * lat) +
      ((15 * e4) / 256 + (45 * e6) / 1024) * Math.sin(4 * lat) -
      ((35 * e6) / 3072) * Math.sin(6 * lat))
  );
};

/** Inverse transverse Mercator (Snyder, eqs. 8-17 to 8-25): good to millimetres within a zone. */
const inverse = (
  { lon0, lat0, scale, falseEastingM, falseNorthingM }: TransverseMercator,
  [eastM, northM]: Point,
): { lon: number; lat: number } => {
  const e2 = F * (2 - F);
  const second = e2 / (1 - e2);
  const m = meridianM(lat0 / DEGREES) + (northM - falseNorthingM) / scale;
  const e4 = e2 * e2;
  const mu = m / (A * (1 - e2 / 4 - (3 * e4) / 64 - (5 * e4 * e2) / 256));
  const e1 = (1 - Math.sqrt(1 - e2)) / (1 + Math.sqrt(1 - e2));
  const foot =
    mu +
    ((3 * e1) / 2 - (27 * e1 ** 3) / 32) * Math.sin(2 * mu) +
    ((21 * e1 ** 2) / 16 - (55 * e1 ** 4) / 32) * Math.sin(4 * mu) +
    ((151 * e1 ** 3) / 96) * Math.sin(6 * mu) +
    ((1097 * e1 ** 4) / 512) * Math.sin(8 * mu);
  const sin = Math.sin(foot);
  const cos = Math.cos(foot);
  const tan2 = (sin / cos) ** 2;
  const c = second * cos ** 2;
  const n = A / Math.sqrt(1 - e2 * sin ** 2);
  const r = (A * (1 - e2)) / (1 - e2 * sin ** 2) ** 1.5;
  const d = (eastM - falseEastingM) / (n * scale);
  const lat =
    foot -
    ((n * (sin / cos)) / r) *
      (d ** 2 / 2 -
        ((5 + 3 * tan2 + 10 * c - 4 * c ** 2 - 9 * second) * d ** 4) / 24 +
        ((61 + 90 * tan2 + 298 * c + 45 * tan2 ** 2 - 252 * second - 3 * c ** 2) * d ** 6) / 720);
  const lon =
    (d - ((1 + 2 * tan2 + c) * d ** 3) / 6 + ((5 - 2 * c + 28 * tan2 - 3 * c ** 2 + 8 * second + 24 * tan2 ** 2) * d ** 5) / 120) / cos;
  return { lon: lon0 + lon * DEGREES, lat: lat * DEGREES };
};

/**
 * WGS-84 position of a point of the network. Reads UTM and transverse Mercator (VN-2000's zones too; its datum shift, some 200 m, is left out);
 * a network without projection is laid round 0° N 0° E.
 */
export const toLonLat = ({ offset, projection }: Network['location'], [x, y]: Point): { readonly lon: number; readonly lat: number } => {
  const parsed = parseProjection(projection);
  const plane: Point = [x - offset[0], y - offset[1]];
  return parsed === undefined ? { lon: (plane[0] / A) * DEGREES, lat: (plane[1] / A) * DEGREES } : inverse(parsed, plane);
};
