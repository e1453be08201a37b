import type { Network, TrafficDemand } from '@songxanh/core';
import { parseNetwork, parseRoutes } from '@songxanh/sumo-files';

/** m/s. */
export const FREE_SPEED_MPS = 13.89;
/** From the begin of the approach to its stop line. */
export const APPROACH_M = 400;

/** One approach of `lanes` lanes of 3.5 m, 400 m to a signal that shows the letters of `phases` to all of them, 200 m behind it. */
export const approach = (lanes: number, phases: readonly (readonly [state: string, durationS: number])[]): Network => {
  const lane = (edge: string, i: number, x: number, length: number): string =>
    `<lane id="${edge}_${i}" index="${i}" speed="${FREE_SPEED_MPS}" length="${length}" width="3.5" shape="${x},${i * 3.5} ${x + length},${i * 3.5}"/>`;
  const all = (make: (i: number) => string): string => Array.from({ length: lanes }, (_, i) => make(i)).join('');
  const text = `<net><location netOffset="0,0" convBoundary="0,0,620,20" origBoundary="0,0,620,20" projParameter="!"/>
    <edge id=":n_0" function="internal">${all((i) => lane(':n_0', i, 400, 20))}</edge>
    <edge id="in" from="w" to="n" priority="1">${all((i) => lane('in', i, 0, APPROACH_M))}</edge>
    <edge id="out" from="n" to="e" priority="1">${all((i) => lane('out', i, 420, 200))}</edge>
    <tlLogic id="n" type="static" programID="0" offset="0">${phases.map(([state, durationS]) => `<phase duration="${durationS}" state="${state.repeat(lanes)}"/>`).join('')}</tlLogic>
    <junction id="w" type="dead_end" x="0" y="0" incLanes="" intLanes="" shape="0,0 0,4"/>
    <junction id="n" type="traffic_light" x="410" y="0" incLanes="${all((i) => `in_${i} `).trim()}" intLanes="${all((i) => `:n_0_${i} `).trim()}" shape="400,0 420,4">
    ${all((i) => `<request index="${i}" response="${'0'.repeat(lanes)}" foes="${'0'.repeat(lanes)}" cont="0"/>`)}</junction>
    <junction id="e" type="dead_end" x="620" y="0" incLanes="${all((i) => `out_${i} `).trim()}" intLanes="" shape="620,0 620,4"/>
    ${all((i) => `<connection from="in" to="out" fromLane="${i}" toLane="${i}" via=":n_0_${i}" tl="n" linkIndex="${i}" dir="s" state="O"/>`)}
    ${all((i) => `<connection from=":n_0" to="out" fromLane="${i}" toLane="${i}" dir="s" state="M"/>`)}</net>`;
  const network = parseNetwork(text, 'approach.net.xml');
  if (!network.ok) throw new Error(network.message);
  return network.value;
};

export const demandOf = (network: Network, xml: string): TrafficDemand => {
  const demand = parseRoutes(`<routes>${xml}</routes>`, 'test.rou.xml', network);
  if (!demand.ok) throw new Error(demand.message);
  return demand.value;
};
