// A small plane tangent to the earth at `origin`: x along the arterial, y to its left, metres. Over 3 km it is true to a few centimetres.
const M_PER_DEG_LAT = 110_574 + 560; // at 21° N, WGS-84 meridian arc
const M_PER_DEG_LON_EQUATOR = 111_320;

export const toLonLat = ({ lon, lat, bearingDeg }, [x, y]) => {
  const a = (bearingDeg * Math.PI) / 180;
  const east = x * Math.sin(a) - y * Math.cos(a);
  const north = x * Math.cos(a) + y * Math.sin(a);
  return [lon + east / (M_PER_DEG_LON_EQUATOR * Math.cos((lat * Math.PI) / 180)), lat + north / M_PER_DEG_LAT];
};

export const distance = ([ax, ay], [bx, by]) => Math.hypot(bx - ax, by - ay);

export const polylineLength = (shape) => shape.slice(1).reduce((s, p, i) => s + distance(shape[i], p), 0);

/** Where two polylines cross first: distance along each of them, or undefined. */
export const crossingPoint = (p, q) => {
  let alongP = 0;
  for (let i = 1; i < p.length; i++) {
    let alongQ = 0;
    for (let j = 1; j < q.length; j++) {
      const [a, b, c, d] = [p[i - 1], p[i], q[j - 1], q[j]];
      const r = [b[0] - a[0], b[1] - a[1]];
      const s = [d[0] - c[0], d[1] - c[1]];
      const det = r[0] * s[1] - r[1] * s[0];
      if (Math.abs(det) > 1e-9) {
        const t = ((c[0] - a[0]) * s[1] - (c[1] - a[1]) * s[0]) / det;
        const u = ((c[0] - a[0]) * r[1] - (c[1] - a[1]) * r[0]) / det;
        if (t >= 0 && t <= 1 && u >= 0 && u <= 1) return { p: alongP + t * distance(a, b), q: alongQ + u * distance(c, d) };
      }
      alongQ += distance(c, d);
    }
    alongP += distance(p[i - 1], p[i]);
  }
  return undefined;
};
