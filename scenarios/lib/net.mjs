// What the builder needs to know of the network netconvert made: lanes, links by signal index, right of way.
import { readFileSync } from 'node:fs';
import { SaxesParser } from 'saxes';

const parseShape = (s) => s.split(' ').map((p) => p.split(',').map(Number));
/** SUMO writes bit strings from the right: the last character is link 0. */
const parseBits = (s) => [...s].reverse().map((c) => c === '1');

export const readNet = (file) => {
  const net = { lanes: new Map(), links: new Map(), inner: new Map(), foes: new Map(), crossingEdges: new Map(), shapes: new Map() };
  let edge;
  let junction;
  const requests = new Map();
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes: a }) => {
    if (name === 'edge') {
      edge = a.id;
      if (a.crossingEdges) net.crossingEdges.set(a.id, a.crossingEdges.split(' '));
    } else if (name === 'lane') {
      net.lanes.set(a.id, {
        id: a.id,
        edge,
        index: Number(a.index),
        lengthM: Number(a.length),
        speedMps: Number(a.speed),
        widthM: Number(a.width ?? 3.2),
        shape: parseShape(a.shape),
        pedestrian: a.allow === 'pedestrian',
      });
    } else if (name === 'junction') {
      junction = a.id;
      if (a.type !== 'internal') net.shapes.set(a.id, { intLanes: (a.intLanes ?? '').split(' '), x: Number(a.x), y: Number(a.y) });
    } else if (name === 'request') {
      requests.set(junction, [...(requests.get(junction) ?? []), { index: Number(a.index), foes: parseBits(a.foes) }]);
    } else if (name === 'connection') {
      const via = a.via;
      if (a.tl) {
        const link = { junction: a.tl, index: Number(a.linkIndex), from: a.from, to: a.to, fromLane: `${a.from}_${a.fromLane}`, toLane: `${a.to}_${a.toLane}`, dir: a.dir, via };
        net.links.set(a.tl, [...(net.links.get(a.tl) ?? []), link].sort((x, y) => x.index - y.index));
      } else if (a.from.startsWith(':') && via) net.inner.set(`${a.from}_${a.fromLane}`, via);
    }
  });
  parser.write(readFileSync(file, 'utf8')).close();
  for (const [id, rows] of requests) net.foes.set(id, rows.sort((x, y) => x.index - y.index).map((r) => r.foes));
  return net;
};

/** The line a vehicle follows from the stop line to the exit. A left turner's path has two internal lanes. */
export const pathOf = (net, link) => {
  if (!link.via) return net.lanes.get(`${link.to}_0`).shape;
  const first = net.lanes.get(link.via);
  const second = net.inner.get(link.via);
  return second ? [...first.shape, ...net.lanes.get(second).shape.slice(1)] : first.shape;
};
