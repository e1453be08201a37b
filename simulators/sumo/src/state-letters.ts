import type { Lamp, Site } from '@songxanh/core';

const VEHICLE_LETTERS: Readonly<Record<Lamp, string>> = {
  green: 'G',
  permissive: 'g',
  clearance: 'y',
  red: 'r',
  'flash-yellow': 'o',
  // SUMO has no flashing red; a closed junction is the safe reading of it.
  'flash-red': 'r',
  // SUMO's drivers treat `o` as a junction without signals: they yield by its right of way.
  dark: 'o',
};

/** People on foot must not step out during their clearance, and SUMO's would on `y`. */
const PEDESTRIAN_LETTERS: Readonly<Record<Lamp, string>> = { ...VEHICLE_LETTERS, permissive: 'G', clearance: 'r' };

/** SUMO's state string of a junction: head i is link index i. */
export const createLetters = (site: Site): ((heads: readonly Lamp[]) => string) => {
  const walking = new Set(site.groups.filter(({ kind }) => kind === 'pedestrian').flatMap(({ heads }) => heads));
  const tables = Array.from({ length: site.headCount }, (_, head) => (walking.has(head) ? PEDESTRIAN_LETTERS : VEHICLE_LETTERS));
  return (heads) => tables.map((letters, head) => letters[heads[head] ?? 'red']).join('');
};
