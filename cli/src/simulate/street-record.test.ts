import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Network } from '@songxanh/core';
import { createSimulation, type Simulation } from '@songxanh/micro';
import { parseRoutes, readNetwork } from '@songxanh/sumo-files';
import { recordPlaces, recordSignals } from './street-record.ts';
import { openXmlStream, type XmlStream } from './xml-stream.ts';

let network: Network;
let folder: string;
beforeAll(async () => {
  network = await readNetwork(join(import.meta.dirname, '../../../scenarios/one-junction/one-junction.net.xml'));
  folder = mkdtempSync(join(tmpdir(), 'street-record-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const recorded = (root: string, record: (out: XmlStream, simulation: Simulation, timeS: number) => void): string => {
  const xml = '<routes><vehicle id="a" depart="1"><route edges="N_A A_S"/></vehicle></routes>';
  const demand = parseRoutes(xml, 'test.rou.xml', network);
  if (!demand.ok) throw new Error(demand.message);
  const made = createSimulation({ network, demand: demand.value, beginS: 0, endS: 3, seed: 1 });
  if (!made.ok) throw new Error(made.message);
  const out = openXmlStream(join(folder, root), root);
  while (!made.value.done) {
    made.value.step();
    record(out, made.value, made.value.nowS - 1);
  }
  out.close();
  return readFileSync(join(folder, root), 'utf8');
};

test("what signals show is told step by step in SUMO's letters, with program and interval", () => {
  const text = recorded('tlsStates', (out, simulation, timeS) => recordSignals(out, simulation, network, timeS));
  const rows = text.match(/<tlsState [^>]*>/g) ?? [];
  const { programId, intervals } = network.programs.get('A')!;
  expect(rows).toHaveLength(3);
  expect(rows[0]).toBe(`<tlsState time="0.00" id="A" programID="${programId}" phase="0" state="${intervals[0]!.state}"/>`);
  expect(text.endsWith('</tlsStates>\n')).toBe(true);
});

test('a vehicle is told with lane, place and speed from the step it starts in', () => {
  const text = recorded('fcd-export', recordPlaces);
  const steps = text.split('<timestep ').slice(1);
  expect(steps.map((step) => step.includes('<vehicle'))).toEqual([false, true, true]);
  expect(steps[1]).toMatch(
    /time="1\.00">\s+<vehicle id="a" x="[\d.-]+" y="[\d.-]+" angle="[\d.]+" type="[^"]+" speed="0\.00" pos="5\.10" lane="N_A_\d"\/>/,
  );
});
