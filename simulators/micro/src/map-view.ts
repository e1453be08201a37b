import { RUNNING } from './trip-book.ts';
import type { World } from './world.ts';

/** What a map needs to draw all running vehicles; entry i of each array belongs to one vehicle. The arrays are reused. */
export interface MapView {
  readonly count: number;
  readonly index: Int32Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Degrees, 0 = north, clockwise. */
  readonly angle: Float64Array;
  readonly speed: Float64Array;
  /** Index into `types`. */
  readonly type: Int32Array;
}

export const emptyMapView = (size: number): MapView => ({
  count: 0,
  index: new Int32Array(size),
  x: new Float64Array(size),
  y: new Float64Array(size),
  angle: new Float64Array(size),
  speed: new Float64Array(size),
  type: new Int32Array(size),
});

/** Where everybody is drawn now; `view` needs an entry for each running vehicle. */
export const fillMapView = (world: World, view: MapView): MapView => {
  const { fleet, street } = world;
  let a = 0;
  for (let v = 0; v < fleet.end; v++) {
    if (fleet.state[v] !== RUNNING) continue;
    const lane = fleet.lane[v]!;
    const shape = street.laneShapes[lane]!;
    let left = fleet.pos[v]!;
    let i = 0;
    let span = 0;
    for (; i < shape.length - 1; i++) {
      span = Math.hypot(shape[i + 1]![0] - shape[i]![0], shape[i + 1]![1] - shape[i]![1]);
      if (left <= span || i === shape.length - 2) break;
      left -= span;
    }
    const [from, to] = [shape[i]!, shape[i + 1] ?? shape[i]!];
    const [dx, dy] = span > 0 ? [(to[0] - from[0]) / span, (to[1] - from[1]) / span] : [0, 1];
    // Motorcycles are drawn in their slot, counted from the right edge of the lane.
    const side = fleet.narrow[v] ? (street.laneSlots[lane]! / 2 - 0.5 - fleet.slot[v]!) * 0.8 : 0;
    view.index[a] = fleet.trip[v]!;
    view.x[a] = from[0] + dx * left + dy * side;
    view.y[a] = from[1] + dy * left - dx * side;
    view.angle[a] = (Math.atan2(dx, dy) * 180) / Math.PI;
    view.speed[a] = fleet.speed[v]!;
    view.type[a] = fleet.typeOf[v]!;
    a++;
  }
  return { ...view, count: a };
};
