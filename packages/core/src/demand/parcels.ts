import type { Load } from '../intersection/traffic-mix.ts';
import type { Instant } from '../time.ts';

/** Traffic between the upstream loop and the stop line. */
export interface Parcel extends Load {
  /** Free-flow arrival at the stop line. */
  readonly at: Instant;
}

/** Less than this is left over by arithmetic, not by a vehicle, PCU. */
const CRUMB_PCU = 0.05;

/** Puts a parcel in order of arrival. */
export function insertParcel(parcels: Parcel[], parcel: Parcel): void {
  let i = parcels.length;
  while (i > 0 && parcels[i - 1]!.at > parcel.at) i--;
  parcels.splice(i, 0, parcel);
}

/** Takes `pcu` from the head of what is due until `dueBy`. */
export function takeHead(parcels: Parcel[], pcu: number, dueBy: number): void {
  let left = pcu;
  while (left > CRUMB_PCU && parcels[0] !== undefined && parcels[0].at <= dueBy) {
    const head = parcels[0];
    if (head.pcu <= left + CRUMB_PCU) parcels.shift();
    else parcels[0] = { at: head.at, pcu: head.pcu - left, persons: (head.persons * (head.pcu - left)) / head.pcu };
    left -= head.pcu;
  }
}

/** Parcels that are due before `dueBy` are gone. */
export function dropDue(parcels: Parcel[], dueBy: number): void {
  while (parcels[0] !== undefined && parcels[0].at < dueBy) parcels.shift();
}

/** What is due by `now`. */
export const duePcu = (parcels: readonly Parcel[], now: number): number =>
  parcels.reduce((sum, { at, pcu }) => (at <= now ? sum + pcu : sum), 0);

/** The same traffic, `factor` times as much. */
export function scaleParcels(parcels: Parcel[], factor: number): void {
  parcels.forEach(({ at, pcu, persons }, i) => (parcels[i] = { at, pcu: pcu * factor, persons: persons * factor }));
}
