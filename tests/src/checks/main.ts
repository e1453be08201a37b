/** Run: npx tsx tests/src/checks/main.ts SITES SIGNAL_LOG [COUNTDOWN_LOG]. Exit code 1 when anything is counted. */
import { createCountdownCheck } from './countdown-check.ts';
import { readLog, readSites } from './logs.ts';
import { createSignalCheck } from './signal-check.ts';

const [folder, signals, countdowns] = process.argv.slice(2);
if (folder === undefined || signals === undefined) {
  process.stderr.write('usage: checks/main SITES_FOLDER SIGNAL_LOG [COUNTDOWN_LOG]\n');
  process.exit(2);
}
const sites = readSites(folder);
const lamps = createSignalCheck(sites);
const numbers = new Map<string, number>();
if (countdowns !== undefined)
  for await (const [at, group, number] of readLog(countdowns)) if (number !== '') numbers.set(`${String(at)} ${group}`, Number(number));
const displays = createCountdownCheck(sites, (at, group) => numbers.get(`${String(at)} ${group}`));
for await (const [at, junction, heads] of readLog(signals)) {
  lamps.take(at, junction, heads);
  if (countdowns !== undefined) displays.take(at, junction, heads);
}
process.stdout.write(
  `${JSON.stringify({ lamps: lamps.verdict, ...(countdowns === undefined ? {} : { displays: displays.verdict }) }, null, 2)}\n`,
);
const { conflictingGreens, shortGreens, shortIntergreens, badClearances } = lamps.verdict;
const { jumps, againstLamps, unannounced } = displays.verdict;
process.exit(conflictingGreens + shortGreens + shortIntergreens + badClearances + jumps + againstLamps + unannounced > 0 ? 1 : 0);
