import type { LanePermission, Network } from '@songxanh/core';
import type { Street } from './street.ts';

const NOT_ON_ROADS = ['pedestrian'];

export const allows = (permission: LanePermission, vehicleClass: string): boolean => {
  if (permission.allow.length > 0) return permission.allow.includes(vehicleClass) || permission.allow.includes('all');
  return !permission.disallow.includes(vehicleClass) && !permission.disallow.includes('all') && !NOT_ON_ROADS.includes(vehicleClass);
};

/** 1 for each lane of the street that `vehicleClass` may use. */
export const allowedLanes = (network: Network, street: Street, vehicleClass: string): Uint8Array =>
  Uint8Array.from(street.laneIds, (id) => (allows(network.lanes.get(id)!, vehicleClass) ? 1 : 0));
