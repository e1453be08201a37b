/** Vehicles lie in several sources, each of the same name as its layer: thousands handed over to the map at once would cost it a frame. */
export const VEHICLE_LAYERS = ['vehicle-0', 'vehicle-1', 'vehicle-2', 'vehicle-3'] as const;

/** What a person may hide, and the map's layers that draw it (layers.ts); names are buttons on the map, not a layer, and flows another colour of the lanes. */
export const LAYERS = {
  vehicles: VEHICLE_LAYERS,
  speeds: ['speed-vehicle-0', 'speed-vehicle-1', 'speed-vehicle-2', 'speed-vehicle-3'],
  flows: [],
  signals: ['signal', 'head', 'crossing'],
  numbers: ['countdown'],
  detectors: ['detector'],
  transit: ['transit', 'emergency', 'emergency-way'],
  closures: ['closure'],
  stops: ['bus-stop'],
  names: [],
} as const;

export type LayerName = keyof typeof LAYERS;
export const LAYER_NAMES = Object.keys(LAYERS) as readonly LayerName[];

const KEY = 'songxanh.shown-layers';
/** Asked for when wanted. */
const HIDDEN_AT_FIRST = 'speeds,flows';

export const readHidden = (): ReadonlySet<LayerName> => {
  const stored = (localStorage.getItem(KEY) ?? HIDDEN_AT_FIRST).split(',');
  return new Set(LAYER_NAMES.filter((name) => stored.includes(name)));
};

export const storeHidden = (hidden: ReadonlySet<LayerName>): void => localStorage.setItem(KEY, [...hidden].join());
