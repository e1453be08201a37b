import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { UsageFault } from './usage-fault.ts';

/** What is typed is not shown. */
const silent = new Writable({ write: (_chunk, _encoding, done) => done() });

const ask = async (question: string): Promise<string> => {
  process.stderr.write(question);
  const input = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await input.question('');
  } finally {
    input.close();
    process.stderr.write('\n');
  }
};

/** A password from the keyboard (twice), or the first line of a pipe; never from the command line, which every user of the machine can see. */
export const readPassword = async (): Promise<string> => {
  if (!process.stdin.isTTY) {
    let text = '';
    for await (const chunk of process.stdin) text += String(chunk);
    return text.split('\n')[0] ?? '';
  }
  const first = await ask('Password: ');
  if (first !== (await ask('Once more: '))) throw new UsageFault('the two passwords differ: expected the same twice');
  return first;
};
