/** Run: npx tsx bench/src/check-tls-states.ts NET STATES [--min-green S] [--yellow S]. Exit code 1 when anything is counted. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { checkTlsStates, readSignalNetwork, readTlsStates } from './control/tls-check.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'min-green': { type: 'string', default: '5' }, yellow: { type: 'string', default: '3' } },
});
const [net, states] = positionals;
if (net === undefined || states === undefined) {
  process.stderr.write('usage: check-tls-states NET STATES [--min-green S] [--yellow S]\n');
  process.exit(2);
}
const { longestRedS, ...counts } = checkTlsStates(
  readSignalNetwork(readFileSync(net, 'utf8')),
  readTlsStates(readFileSync(states, 'utf8')),
  {
    minGreenS: Number(values['min-green']),
    yellowS: Number(values.yellow),
  },
);
const longest = [...longestRedS].sort((a, b) => b[1] - a[1]).slice(0, 5);
process.stdout.write(`${JSON.stringify({ ...counts, longestRedS: Object.fromEntries(longest) }, null, 2)}\n`);
const breaches = counts.shortGreens + counts.missingYellows + counts.conflictingProtectedGreens + counts.yellowTraps;
process.exit(breaches > 0 ? 1 : 0);
