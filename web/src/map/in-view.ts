import type { JunctionSummary } from '@songxanh/wire/live';

/** [west, south, east, north], degrees. */
export type Bounds = readonly [number, number, number, number];

/** What the map shows now. */
export interface View {
  readonly zoom: number;
  readonly bounds: Bounds;
  readonly junctions: readonly JunctionSummary[];
}

/** A little more than the screen, so that what slides in is painted already. */
const MARGIN = 0.1;

export const widen = ([west, south, east, north]: Bounds): Bounds => {
  const [x, y] = [(east - west) * MARGIN, (north - south) * MARGIN];
  return [west - x, south - y, east + x, north + y];
};

const isIn = ([west, south, east, north]: Bounds, lon: number, lat: number): boolean =>
  lon >= west && lon <= east && lat >= south && lat <= north;

export const junctionsIn = (bounds: Bounds, junctions: readonly JunctionSummary[]): readonly JunctionSummary[] =>
  junctions.filter(({ position: { lon, lat } }) => isIn(bounds, lon, lat));
