/**
 * Main-thread time per frame while the map of a big city is panned in Chromium: npx tsx --conditions=source tests/src/load/frame-time.ts [junctions] [vehicles]
 * A frame's time is the sum of the main thread's tasks between two animation frames, from the browser's own trace. With PROFILE=1 it prints instead in which
 * functions the main thread spends its script time (WEB=folder: a page built with `vite build --minify false` has their names).
 */
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { openBigCity } from './big-city.ts';

const [junctions = 2000, vehicles = 5000] = process.argv.slice(2).map(Number);
const WATCH_MS = 10_000;

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly tid: number;
  readonly pid: number;
  readonly args?: { readonly name?: string };
}

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN;

/** Sums of the main thread's tasks between marks, ms: wall time and the thread's own processor time; and the own time of single tasks. */
const framesOf = (events: readonly TraceEvent[]): { readonly wall: number[]; readonly own: number[]; readonly tasks: number[] } => {
  const marks = events.filter(({ name, ph }) => name === 'songxanh-frame' && ph !== 'e').sort((a, b) => a.ts - b.ts);
  const [first] = marks;
  if (first === undefined) throw new Error('no frames in the trace');
  const tasks = events
    .filter(({ name, pid, tid, ph }) => ph === 'X' && name === 'ThreadControllerImpl::RunTask' && pid === first.pid && tid === first.tid)
    .sort((a, b) => a.ts - b.ts);
  const wall = marks.map(() => 0);
  const own = marks.map(() => 0);
  let k = 0;
  for (const { ts, dur = 0, tdur = 0 } of tasks) {
    while (k + 1 < marks.length && (marks[k + 1]?.ts ?? Infinity) <= ts) k += 1;
    wall[k] = (wall[k] ?? 0) + dur / 1000;
    own[k] = (own[k] ?? 0) + tdur / 1000;
  }
  const inner = (all: number[]): number[] => all.slice(1, -1).sort((a, b) => a - b);
  return { wall: inner(wall), own: inner(own), tasks: tasks.map(({ tdur = 0 }) => tdur / 1000).sort((a, b) => a - b) };
};

const pan = async (page: Page, ms: number): Promise<void> => {
  const end = Date.now() + ms;
  const [x, y] = [450, 420];
  for (let turn = 0; Date.now() < end; turn += 1) {
    const back = turn % 2 === 0 ? 1 : -1;
    await page.mouse.move(x, y);
    await page.mouse.down();
    for (let k = 1; k <= 25 && Date.now() < end; k += 1) {
      await page.mouse.move(x + back * k * 10, y + back * k * 4);
      await page.waitForTimeout(16);
    }
    await page.mouse.up();
  }
};

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
}
interface Profile {
  readonly nodes: readonly ProfileNode[];
  readonly samples?: readonly number[];
  readonly timeDeltas?: readonly number[];
}

/** Functions by own time, the longest first, ms. */
const byOwnTime = ({ nodes, samples = [], timeDeltas = [] }: Profile): readonly (readonly [name: string, ms: number])[] => {
  const nameOf = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => [
      id,
      `${functionName || '(anonymous)'} ${url.split('/').at(-1) ?? ''}:${String(lineNumber)}`,
    ]),
  );
  const spent = new Map<string, number>();
  samples.forEach((id, k) => {
    const name = nameOf.get(id) ?? '?';
    spent.set(name, (spent.get(name) ?? 0) + (timeDeltas[k] ?? 0) / 1000);
  });
  return [...spent].sort(([, a], [, b]) => b - a);
};

const city = await openBigCity(junctions, vehicles, process.env['WEB'] ?? join(import.meta.dirname, '../../../web/dist'));
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'],
});
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.on('pageerror', (error) => process.stderr.write(`${error.message}\n`));
  await page.goto(city.url);
  await page.waitForSelector('canvas');
  await page.waitForTimeout(8000);
  // As text: this file is not compiled for a browser.
  const renderer = await page.evaluate<string>(`(() => {
    const gl = document.createElement('canvas').getContext('webgl');
    const info = gl?.getExtension('WEBGL_debug_renderer_info');
    return info ? gl.getParameter(info.UNMASKED_RENDERER_WEBGL) : 'unknown';
  })()`);
  process.stdout.write(
    `${String(city.junctions)} junctions, ${String(city.features)} map features, ${String(vehicles)} vehicles; ${renderer}\n`,
  );
  await page.evaluate(`(function frame() {
    performance.mark('songxanh-frame');
    requestAnimationFrame(frame);
  })()`);
  const session = await browser.newBrowserCDPSession();
  for (const [where, clicks] of [
    ['whole city', 0],
    ['district', 2],
    ['street', 2],
    ['junction', 2],
  ] as const) {
    for (let k = 0; k < clicks; k += 1) {
      await page.getByRole('button', { name: 'Zoom in' }).click();
      await page.waitForTimeout(700);
    }
    await page.waitForTimeout(2000);
    if (process.env['PROFILE'] !== undefined) {
      const profiler = await page.context().newCDPSession(page);
      await profiler.send('Profiler.enable');
      await profiler.send('Profiler.start');
      await pan(page, WATCH_MS);
      const { profile } = await profiler.send('Profiler.stop');
      const lines = byOwnTime(profile)
        .filter(([, ms]) => ms >= 20)
        .map(([name, ms]) => `  ${ms.toFixed(0).padStart(6)} ms  ${name}\n`);
      process.stdout.write(`${where}\n${lines.slice(0, 40).join('')}`);
      continue;
    }
    const events: TraceEvent[] = [];
    const collect = ({ value }: { value: unknown[] }): void => void events.push(...(value as TraceEvent[]));
    session.on('Tracing.dataCollected', collect);
    // More categories would measure the tracing.
    await session.send('Tracing.start', {
      transferMode: 'ReportEvents',
      traceConfig: { includedCategories: ['toplevel', 'blink.user_timing'] },
    });
    const began = Date.now();
    await pan(page, WATCH_MS);
    const lastedS = (Date.now() - began) / 1000;
    const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
    await session.send('Tracing.end');
    await complete;
    session.off('Tracing.dataCollected', collect);
    const { wall, own, tasks } = framesOf(events);
    // On a machine that draws few frames a frame holds the work of many: the work per second and the longest tasks tell then.
    const perS = tasks.reduce((sum, ms) => sum + ms, 0) / lastedS;
    const longest = tasks.slice(-Math.ceil(lastedS));
    const show = (all: readonly number[]): string => [0.5, 0.95, 0.99].map((q) => quantile(all, q).toFixed(1)).join(' / ');
    process.stdout.write(
      `${where.padEnd(11)} ${String(wall.length).padStart(5)} frames, ${(wall.length / lastedS).toFixed(1)} frames/s; ms per frame p50/p95/p99: wall ${show(wall)}, own ${show(own)}; own ms per second ${perS.toFixed(0)}, longest task of a second ${(longest[0] ?? NaN).toFixed(1)}\n`,
    );
    await page.screenshot({ path: join(process.env['SHOTS'] ?? '/tmp', `songxanh-${where.replace(' ', '-')}.png`) });
  }
} finally {
  await browser.close();
  await city.close();
}
