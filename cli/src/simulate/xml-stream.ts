import { closeSync, openSync, writeSync } from 'node:fs';

/** Characters kept before they are written. */
const CHUNK = 65_536;

export interface XmlStream {
  line(text: string): void;
  close(): void;
}

/** Writes a document with this root line by line: a run's trajectories do not fit into memory. */
export const openXmlStream = (file: string, root: string): XmlStream => {
  const handle = openSync(file, 'w');
  let held = `<?xml version="1.0" encoding="UTF-8"?>\n\n<${root}>\n`;
  const flush = (): void => {
    writeSync(handle, held);
    held = '';
  };
  return {
    line(text) {
      held += `    ${text}\n`;
      if (held.length > CHUNK) flush();
    },
    close() {
      held += `</${root}>\n`;
      flush();
      closeSync(handle);
    },
  };
};
