import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildAgent, openCountdownLog, openSignalLog } from '@songxanh/agent';
import { createSimulatedDriver } from '@songxanh/drivers';
import { createCountdownCheck } from '../checks/countdown-check.ts';
import { isGo, readSites, type SiteFile } from '../checks/logs.ts';
import { createSignalCheck } from '../checks/signal-check.ts';
import { BEGIN, closeFields, openField, quiet, sitesOf } from './support/world.ts';

jest.setTimeout(120_000);
afterEach(closeFields);

const HOUR_S = 3600;
/** Start-up, and the transition into step with the clock: at most a few cycles of 120 s. */
const SETTLED_S = 600;
const HANOI_S = 7 * 3600;
/** The plan in force from 06:30 to 08:30 on working days; the hour begins at 07:00. */
const PLAN = 'am-peak';

type Lines = readonly (readonly [number, string, string])[];
const linesOf = (file: string): Lines =>
  readFileSync(file, 'utf8')
    .split('\n')
    .slice(1, -1)
    .map((line): readonly [number, string, string] => {
      const [at, name, value] = line.split(',');
      return [Number(at), name!, value!];
    });

/** Local second of the day of each begin of the coordinated green: the first vehicle green that the plan's first stage brings. */
const coordinatedBegins = (site: SiteFile, lines: Lines): readonly number[] => {
  const plan = site.plans.find(({ name }) => name === PLAN)!;
  const greenOf = (stage: string | undefined): readonly string[] => site.stages.find(({ id }) => id === stage)?.green ?? [];
  const before = new Set(greenOf(plan.splits.at(-1)?.stage));
  const gained = site.groups.filter((g) => g.kind === 'vehicle' && greenOf(plan.splits[0]?.stage).includes(g.id) && !before.has(g.id));
  const own = lines.filter(([, junction]) => junction === site.id);
  const begins = own.flatMap(([at, , heads], i) =>
    gained.some((g) => isGo(heads[g.heads[0]!]) && i > 0 && !isGo(own[i - 1]![2][g.heads[0]!])) ? [at] : [],
  );
  return begins.map((at) => ((at / 1000) % 86_400) + HANOI_S);
};

describe('one hour of the corridor with cabinets and an agent, and no centre at all', () => {
  const corridor = sitesOf('corridor');
  const sites = readSites(join(__dirname, '../../../scenarios/corridor/sites'));
  let signals: Lines;
  let countdowns: ReadonlyMap<string, number>;

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'songxanh-hour-'));
    const field = await openField(corridor, { steps: HOUR_S, speed: Infinity });
    const agent = buildAgent({
      name: 'agent',
      sites: corridor,
      driver: createSimulatedDriver({
        agent: 'agent',
        cabinet: field.cabinets.served.address,
        junctions: corridor.map((s) => s.id),
        log: quiet,
      }),
      logs: [openSignalLog(join(folder, 'signals')), openCountdownLog(join(folder, 'countdowns'), corridor)],
      log: quiet,
    });
    await agent.start();
    await field.server.done;
    await agent.stop();
    await field.stop();
    signals = linesOf(join(folder, 'signals'));
    countdowns = new Map(
      linesOf(join(folder, 'countdowns')).flatMap(([at, group, n]) => (n === '' ? [] : [[`${String(at)} ${group}`, Number(n)]])),
    );
    rmSync(folder, { recursive: true });
  }, 120_000);

  it.each(corridor.map((site) => site.id as string))(
    'begins the coordinated green of %s at the offset of its plan, in every cycle',
    (id) => {
      const site = sites.get(id)!;
      const { cycleS, offsetS } = site.plans.find(({ name }) => name === PLAN)!;
      const beginS = ((BEGIN / 1000) % 86_400) + HANOI_S;
      const begins = new Set(coordinatedBegins(site, signals));
      const due = Array.from({ length: HOUR_S }, (_, s) => beginS + s).filter(
        (s) => s >= beginS + SETTLED_S && (s - offsetS) % cycleS === 0,
      );
      expect(due.length).toBe((HOUR_S - SETTLED_S) / cycleS);
      expect(due.filter((s) => !begins.has(s))).toEqual([]);
    },
  );

  it('shows no conflicting greens, no short greens and no short intergreens', () => {
    const check = createSignalCheck(sites);
    for (const line of signals) check.take(...line);
    expect(check.verdict).toMatchObject({
      ...{ states: HOUR_S * corridor.length, gaps: 0, examples: [] },
      ...{ conflictingGreens: 0, shortGreens: 0, shortIntergreens: 0, badClearances: 0 },
    });
  });

  it('counts every display down by one to the change of its lamps', () => {
    const check = createCountdownCheck(sites, (at, group) => countdowns.get(`${String(at)} ${group}`));
    for (const line of signals) check.take(...line);
    expect(check.verdict.announced).toBeGreaterThan(1000);
    expect(check.verdict).toMatchObject({ jumps: 0, blanked: 0, againstLamps: 0, unannounced: 0, examples: [] });
  });
});
