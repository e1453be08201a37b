// Drawing + demand -> all files of a scenario: plain XML, network, routes, loops, sites, OSM.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectedFlows, listWalks, makeRandom } from './demand.mjs';
import { writeAdditional, writeConfig, writeOsm, writePrograms, writeRoutes, writeWalks } from './files.mjs';
import { readNet } from './net.mjs';
import { loopsOf, makeSite } from './site.mjs';
import { writeConnections, writeEdges, writeNodes } from './streets.mjs';
import { greensOf, programOf, splitsFor } from './timing.mjs';

/** Saturation flow of one lane, PCU/h, by turn, as SUMO discharges this mix at lateral resolution 0.8. */
const SATURATION_PCU_PER_H = { T: 1750, R: 1500, L: 1600 };

export const build = ({ dir, name, streets, demand, timing }) => {
  const file = (suffix) => join(dir, `${name}.${suffix}`);
  const netconvert = (...more) =>
    execFileSync(
      'netconvert',
      ['-n', file('nod.xml'), '-e', file('edg.xml'), '-x', file('con.xml'), '--proj.utm', 'true', '--walkingareas', 'true']
        .concat(['--no-turnarounds', 'true', '--output.street-names', 'true', '-o', file('net.xml')])
        .concat(more),
      { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, SUMO_HOME: process.env.SUMO_HOME ?? '/usr/share/sumo' } },
    );
  writeFileSync(file('nod.xml'), writeNodes(streets));
  writeFileSync(file('edg.xml'), writeEdges(streets));
  writeFileSync(file('con.xml'), writeConnections(streets));
  netconvert();
  const net = readNet(file('net.xml'));

  const pcu = Object.entries(demand.mix).reduce((s, [type, share]) => s + share * demand.pcu[type], 0);
  /** Demand over saturation flow of a group: its lanes' traffic, shared lanes taken whole. */
  const flowRatioOf = (junction, slice) => {
    const flows = expectedFlows(streets, demand, slice);
    const flow = (group) => flows.get(`${junction.id} ${group}`) ?? 0;
    return (group) => {
      const arm = junction.arms[group[0]];
      if (group.startsWith('P') || arm === undefined) return 0;
      const lanes = arm.lanes.filter((use) => use.includes(group[1]));
      const turns = [...new Set(lanes.join(''))];
      const shared = arm.lanes.filter((use) => [...use].some((t) => turns.includes(t)));
      const capacity = shared.reduce((s, use) => s + Math.min(...[...use].map((t) => SATURATION_PCU_PER_H[t])), 0);
      return (turns.reduce((s, t) => s + flow(group[0] + t), 0) * pcu) / capacity;
    };
  };
  const report = [];
  const plansOf = (junction) => (site) => {
    const plans = timing.plans.map((p) => {
      const { splits, degreeOfSaturation } = splitsFor(site, site.stageSequence, p.cycleS, flowRatioOf(junction, p.slice));
      report.push(`${junction.id} ${p.name}: ${splits.map((s) => `${s.stage} ${s.durationS}`).join(', ')} s, degree of saturation ${degreeOfSaturation.toFixed(2)}`);
      return { name: p.name, cycleS: p.cycleS, offsetS: Math.round(junction.at[0] / timing.progressionMps) % p.cycleS, splits };
    });
    return { plans, schedule: timing.schedule };
  };
  const sites = streets.junctions.map((j) => makeSite(streets, net, j, plansOf(j)));

  const program = (site) => {
    const plan = site.plans[0];
    const first = site.stages.find((s) => s.id === plan.splits[0].stage);
    const before = site.stages.find((s) => s.id === plan.splits.at(-1).stage);
    const gained = first.green.filter((g) => !g.startsWith('P') && !before.green.includes(g));
    // The offset is the begin of the first vehicle green of the first split; its change begins earlier.
    const greenAfter = Math.min(...gained.map((g) => greensOf(site, plan).get(g).reduce((m, x) => Math.min(m, x.begin), Infinity)));
    return { plan, phases: programOf(site, plan), offsetS: plan.offsetS - greenAfter };
  };
  writeFileSync(file('tll.xml'), writePrograms(sites, program));
  netconvert('-i', file('tll.xml'));
  // netconvert's header has the date and its command line: without it the same sources give the same bytes.
  writeFileSync(file('net.xml'), readFileSync(file('net.xml'), 'utf8').replace(/<!-- generated[\s\S]*?-->\n*/, ''));

  const random = makeRandom(demand.seed);
  const walks = listWalks(streets, demand, random);
  writeFileSync(file('rou.xml'), writeRoutes(streets, demand));
  writeFileSync(file('persons.rou.xml'), writeWalks(walks));
  writeFileSync(file('add.xml'), writeAdditional(sites.flatMap(loopsOf), demand.stops ?? []));
  writeFileSync(file('sumocfg'), writeConfig({ name, beginS: demand.beginS, endS: demand.endS, additional: `${name}.add.xml` }));
  writeFileSync(file('osm'), writeOsm(streets, demand));
  writeFileSync(join(dir, 'scenario.json'), `${JSON.stringify({ title: streets.title, timeZone: 'Asia/Ho_Chi_Minh', date: demand.date }, null, 2)}\n`);
  rmSync(join(dir, 'sites'), { recursive: true, force: true });
  mkdirSync(join(dir, 'sites'));
  for (const site of sites) writeFileSync(join(dir, 'sites', `${site.id}.site.json`), `${JSON.stringify(site, null, 2)}\n`);
  return report;
};
