/**
 * Main-thread time per frame while the map of a big city is panned in Chromium: npx tsx --conditions=source tests/src/load/frame-time.ts [junctions] [vehicles]
 * A frame's time is the sum of the main thread's tasks between two animation frames, from the browser's own trace. With PROFILE=1 it prints instead in which
 * functions the main thread spends its script time (WEB=folder: a page built with `vite build --minify false` has their names).
 */
import { readdirSync, readFileSync } from 'node:fs';
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

interface Frames {
  /** Sums of the main thread's tasks between two frames, ms: wall time and the thread's own processor time. */
  readonly wall: readonly number[];
  readonly own: readonly number[];
  /** Own time of single tasks, ms. */
  readonly tasks: readonly number[];
  /**
   * Own time of the task that draws a frame, and of all else by slots of a 60 Hz screen: together what a frame would hold where drawing keeps up. Here a frame
   * waits for software to draw the one before and holds what came meanwhile.
   */
  readonly drawn: readonly number[];
  readonly slots: readonly number[];
}

const SLOT_US = 1_000_000 / 60;

const framesOf = (events: readonly TraceEvent[]): Frames => {
  const marks = events.filter(({ name, ph }) => name === 'songxanh-frame' && ph !== 'e').sort((a, b) => a.ts - b.ts);
  const [first] = marks;
  if (first === undefined) throw new Error('no frames in the trace');
  const tasks = events
    .filter(({ name, pid, tid, ph }) => ph === 'X' && name === 'ThreadControllerImpl::RunTask' && pid === first.pid && tid === first.tid)
    .sort((a, b) => a.ts - b.ts);
  const drawn: number[] = [];
  const slots = new Map<number, number>();
  const wall = marks.map(() => 0);
  const own = marks.map(() => 0);
  let k = 0;
  for (const { ts, dur = 0, tdur = 0 } of tasks) {
    while (k + 1 < marks.length && (marks[k + 1]?.ts ?? Infinity) <= ts) k += 1;
    const isFrame = marks.some((mark) => mark.ts >= ts && mark.ts <= ts + dur);
    if (isFrame) drawn.push(tdur / 1000);
    else slots.set(Math.floor((ts - first.ts) / SLOT_US), (slots.get(Math.floor((ts - first.ts) / SLOT_US)) ?? 0) + tdur / 1000);
    wall[k] = (wall[k] ?? 0) + dur / 1000;
    own[k] = (own[k] ?? 0) + tdur / 1000;
  }
  const inner = (all: number[]): number[] => all.slice(1, -1).sort((a, b) => a - b);
  const rising = (all: readonly number[]): readonly number[] => [...all].sort((a, b) => a - b);
  const lastSlot = Math.floor(((tasks.at(-1)?.ts ?? first.ts) - first.ts) / SLOT_US);
  return {
    ...{ wall: inner(wall), own: inner(own), tasks: rising(tasks.map(({ tdur = 0 }) => tdur / 1000)), drawn: rising(drawn) },
    slots: rising(Array.from({ length: Math.max(1, lastSlot) }, (_, n) => slots.get(n) ?? 0)),
  };
};

/** Linux counts processor time in hundredths of a second. */
const TICK_MS = 10;
const stat = (pid: string): readonly string[] => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
};
/** Processor time of this browser's drawing process, ms: where the renderer is software, drawing is what frames wait for. */
const drawingMs = (): number => {
  const isOurs = (pid: string): boolean => pid === String(process.pid) || (Number(pid) > 1 && isOurs(stat(pid)[1] ?? '0'));
  const pids = readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=gpu-process') && isOurs(pid);
    } catch {
      return false;
    }
  });
  return pids.reduce((sum, pid) => sum + (Number(stat(pid)[11]) + Number(stat(pid)[12])) * TICK_MS, 0);
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
    const drawn = drawingMs();
    const began = Date.now();
    await pan(page, WATCH_MS);
    const lastedS = (Date.now() - began) / 1000;
    const drawing = drawingMs() - drawn;
    const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
    await session.send('Tracing.end');
    await complete;
    session.off('Tracing.dataCollected', collect);
    const { wall, own, tasks, drawn: frameTasks, slots } = framesOf(events);
    // On a machine that draws few frames a frame holds the work of many: the work per second and the longest tasks tell then.
    const perS = tasks.reduce((sum, ms) => sum + ms, 0) / lastedS;
    const longest = tasks.slice(-Math.ceil(lastedS));
    const show = (all: readonly number[]): string => [0.5, 0.95, 0.99].map((q) => quantile(all, q).toFixed(1)).join(' / ');
    process.stdout.write(
      `${where.padEnd(11)} ${String(wall.length).padStart(5)} frames, ${(wall.length / lastedS).toFixed(1)} frames/s; ms per frame p50/p95/p99: wall ${show(wall)}, own ${show(own)}; own ms per second ${perS.toFixed(0)}, longest task of a second ${(longest[0] ?? NaN).toFixed(1)}; the frame's own task ${show(frameTasks)}, other work per 1/60 s ${show(slots)}; drawing ${(drawing / wall.length).toFixed(0)} ms of processor per frame\n`,
    );
    await page.screenshot({ path: join(process.env['SHOTS'] ?? '/tmp', `songxanh-${where.replace(' ', '-')}.png`) });
  }
} finally {
  await browser.close();
  await city.close();
}
