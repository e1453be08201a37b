import type { JunctionSummary } from '@songxanh/wire/live';
import { type Map as MapLibre, Marker } from 'maplibre-gl';
import type { Marks } from './marks.ts';
import { placePins } from './place-pins.ts';

/** More names than this cover the map; dots show the junctions then. */
const MOST_PINS = 40;

export interface Pins {
  readonly show: (junctions: readonly JunctionSummary[]) => void;
  readonly mark: (marks: Marks, selected: string | undefined) => void;
  readonly remove: () => void;
}

/** Names of the junctions in view, as buttons. */
export const openPins = (map: MapLibre, onSelect: (id: string) => void): Pins => {
  const pins = new Map<string, Marker>();
  let marks: Marks | undefined;
  let chosen: string | undefined;
  const dress = (id: string, element: HTMLElement): void => {
    element.classList.toggle('is-held', marks?.held.has(id) ?? false);
    element.classList.toggle('is-alarmed', marks?.alarmed.has(id) ?? false);
    element.classList.toggle('chosen', id === chosen);
  };
  const make = (junction: JunctionSummary): Marker => {
    const button = document.createElement('button');
    button.className = 'pin';
    button.textContent = junction.name || junction.id;
    button.onclick = () => onSelect(junction.id);
    dress(junction.id, button);
    return new Marker({ element: button }).setLngLat([junction.position.lon, junction.position.lat]).addTo(map);
  };
  return {
    show: (junctions) => {
      const wanted = junctions.length > MOST_PINS ? [] : junctions;
      const ids = new Set(wanted.map(({ id }) => id));
      for (const [id, pin] of pins) {
        if (ids.has(id)) continue;
        pin.remove();
        pins.delete(id);
      }
      for (const junction of wanted) if (!pins.has(junction.id)) pins.set(junction.id, make(junction));
      const places = placePins(
        wanted.flatMap(({ id }) => {
          const pin = pins.get(id);
          if (pin === undefined) return [];
          const { offsetWidth: width, offsetHeight: height } = pin.getElement();
          const { x, y } = map.project(pin.getLngLat());
          return [{ id, x, y, width, height }];
        }),
      );
      for (const [id, [x, y]] of places) pins.get(id)?.setOffset([x, y]);
    },
    mark: (next, selected) => {
      marks = next;
      chosen = selected;
      for (const [id, pin] of pins) dress(id, pin.getElement());
    },
    remove: () => {
      for (const pin of pins.values()) pin.remove();
    },
  };
};
