import type { StreetMessage } from '@songxanh/store';
import { VEHICLE_STRIDE } from '@songxanh/wire';
import type { ToLonLat } from '../geometry/projection.ts';
import type { StreetFrame } from './live-board.ts';

/** 1e-7 degrees are a centimetre: vehicles move smoothly, in whole numbers. */
const DEGREE_PARTS = 1e7;

/** The street's frame with its vehicles' positions taken from the network's plane to lon/lat. */
export const toStreetFrame = ({ at, vehicles, queues, kpis }: StreetMessage, toLonLat: ToLonLat): StreetFrame => {
  const moved = [...vehicles];
  for (let i = 0; i < moved.length; i += VEHICLE_STRIDE) {
    const [lon, lat] = toLonLat([moved[i + 1]! / 100, moved[i + 2]! / 100]);
    moved[i + 1] = Math.round(lon * DEGREE_PARTS);
    moved[i + 2] = Math.round(lat * DEGREE_PARTS);
  }
  return { at, queues, kpis, vehicles: moved };
};
