import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { placeDetectors, readNetwork, writeAdditional } from '@songxanh/sumo-files';

/** Writes SUMO's own actuated control for every signal of a network: the program's phases with SUMO's default gaps and 5–50 s greens. */
export const writeActuated = (netFile: string, folder: string): string => {
  const programs = [...readFileSync(netFile, 'utf8').matchAll(/<tlLogic\s[^>]*>[\s\S]*?<\/tlLogic>/g)].map(([text]) =>
    text
      .replace(/type="[^"]*"/, 'type="actuated"')
      .replace(/programID="[^"]*"/, 'programID="actuated"')
      .replace(/<phase\s[^>]*>/g, (phase) => {
        const green = /state="[^"]*[Gg][^"]*"/.test(phase) && !/state="[^"]*y[^"]*"/.test(phase);
        const plain = phase.replace(/\s(?:minDur|maxDur)="[^"]*"/g, '');
        return green ? plain.replace('<phase', '<phase minDur="5" maxDur="50"') : plain;
      }),
  );
  const file = join(folder, 'actuated.add.xml');
  writeFileSync(file, `<additional>\n${programs.join('\n')}\n</additional>\n`);
  return file;
};

/** Writes the loops of the detectors regime. */
export const writeLoops = async (netFile: string, folder: string): Promise<string> => {
  const network = await readNetwork(netFile);
  const file = join(folder, 'loops.add.xml');
  writeFileSync(file, writeAdditional(placeDetectors(network, network.programs.keys())));
  return file;
};

/** Lets SUMO save every signal's states to `file`. */
export const writeStateSaver = (folder: string, file: string): string => {
  const additional = join(folder, 'states.add.xml');
  writeFileSync(additional, `<additional><timedEvent type="SaveTLSStates" dest="${file}"/></additional>\n`);
  return additional;
};
