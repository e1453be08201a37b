/** What a person may hide, and the map's layers that draw it (layers.ts, vehicle-layer.ts); names are buttons on the map, not a layer, and flows another colour of the lanes. */
export const LAYERS = {
  vehicles: ['vehicle'],
  speeds: ['vehicle-speed'],
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
