import { cross, messageOf, valueOf } from '../testing/fixtures.ts';
import { parseAdditional } from './read-additional.ts';

const network = cross();
const read = (xml: string): ReturnType<typeof parseAdditional> => parseAdditional(`<additional>\n${xml}</additional>`, 'x', network);

test('reads the edges that a rerouter closes, when, and where drivers learn of it', () => {
  const { closures } = valueOf(
    read(`<rerouter id="works" edges="WB EC"><interval begin="0:10:00" end="900"><closingReroute id="CN"/><closingReroute id="CS"/></interval>
      <interval begin="1000" end="2000"><closingReroute id="CN"/></interval></rerouter>`),
  );
  expect(closures).toEqual([
    { id: 'works', edges: ['CN', 'CS'], beginS: 600, endS: 900, noticedOn: ['WB', 'EC'] },
    { id: 'works', edges: ['CN'], beginS: 1000, endS: 2000, noticedOn: ['WB', 'EC'] },
  ]);
});

const inside = (xml: string, attributes = ''): string =>
  `<rerouter id="r" edges="EC" ${attributes}><interval begin="0" end="9">${xml}</interval></rerouter>`;

test.each([
  [
    'an edge that is not there',
    inside('<closingReroute id="moon"/>'),
    'x:2: <closingReroute id="moon">: expected edges of the network: there is no edge moon',
  ],
  [
    'a closure for some only',
    inside('<closingReroute id="CN" disallow="bus"/>'),
    'x:2: <closingReroute id="CN" disallow="bus">: expected no disallow: closures are for everybody who comes by',
  ],
  [
    'another kind of reroute',
    inside('<destProbReroute id="CN"/>'),
    'x:2: <destProbReroute id="CN">: expected <closingReroute>: other reroutes are not supported',
  ],
  [
    'a rerouter for some only',
    inside('', 'probability="0.5"'),
    'x:2: <rerouter id="r" probability="0.5">: expected probability 1: everybody is told',
  ],
  [
    'an interval of no length',
    '<rerouter id="r" edges="EC"><interval begin="9" end="9"/></rerouter>',
    'x:2: <interval end="9">: expected its end behind its begin',
  ],
])('refuses %s', (_, xml, message) => {
  expect(messageOf(read(xml))).toBe(message);
});
