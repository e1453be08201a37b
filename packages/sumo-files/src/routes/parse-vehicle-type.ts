import type { VehicleType } from '@songxanh/core';
import { faultAt, numberOr, toNumber } from '../xml.ts';
import type { Element } from '../xml.ts';
import { VEHICLE_CLASSES, defaultType } from './vehicle-class.ts';

const KRAUSS = ['Krauss', 'KraussOrig1', 'KraussPS', 'KraussX', 'carFollowing-Krauss', 'SKOrig'];
const IDM = ['IDM', 'IDMM', 'EIDM', 'carFollowing-IDM'];

const carFollowingOf = (element: Element): VehicleType['carFollowing'] => {
  const model = element.attributes['carFollowModel'] ?? 'Krauss';
  if (KRAUSS.includes(model)) return 'krauss';
  if (IDM.includes(model)) return 'idm';
  throw faultAt(element, 'expected Krauss or IDM (or one of their variants) in carFollowModel', 'carFollowModel');
};

/** A number, or `normc(mean,deviation,min,max)`, `norm(mean,deviation)`; `speedDev` outranks the deviation. */
const speedFactorOf = (element: Element, absent: VehicleType['speedFactor']): VehicleType['speedFactor'] => {
  const text = element.attributes['speedFactor'];
  const given = ((): VehicleType['speedFactor'] => {
    if (text === undefined) return absent;
    const distribution = /^(normc?)\(([^)]*)\)$/.exec(text.trim());
    if (distribution === null) return { ...absent, mean: toNumber(element, 'speedFactor', text) };
    const [mean = 1, deviation = 0, min = 0.2, max = 2] = (distribution[2] ?? '')
      .split(',')
      .map((word) => toNumber(element, 'speedFactor', word));
    return distribution[1] === 'normc' ? { mean, deviation, min, max } : { mean, deviation, min: 0, max: Infinity };
  })();
  return { ...given, deviation: numberOr(element, 'speedDev', given.deviation) };
};

/** A `<vType>` (without its params) with SUMO's defaults of its vClass; older files name vehicle attributes directly. */
export const parseVehicleType = (element: Element, id: string): VehicleType => {
  const vehicleClass = element.attributes['vClass'] ?? 'passenger';
  const base = defaultType(id, vehicleClass);
  if (base === undefined) throw faultAt(element, `expected a road vehicle's vClass (${VEHICLE_CLASSES.join(', ')})`, 'vClass');
  const positive = (attribute: string, absent: number): number => {
    const value = numberOr(element, attribute, absent);
    if (value <= 0) throw faultAt(element, `expected a number > 0 in ${attribute}`, attribute);
    return value;
  };
  return {
    ...base,
    carFollowing: carFollowingOf(element),
    lengthM: positive('length', base.lengthM),
    widthM: positive('width', base.widthM),
    minGapM: numberOr(element, 'minGap', base.minGapM),
    maxSpeedMps: positive('maxSpeed', base.maxSpeedMps),
    accelMps2: positive('accel', base.accelMps2),
    decelMps2: positive('decel', base.decelMps2),
    tauS: positive('tau', base.tauS),
    sigma: numberOr(element, 'sigma', base.sigma),
    speedFactor: speedFactorOf(element, base.speedFactor),
  };
};
