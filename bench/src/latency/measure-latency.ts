import { buildAgent } from '@songxanh/agent';
import { junctionId, type JunctionId, type Site } from '@songxanh/core';
import { createLog } from '@songxanh/platform';
import { startCentre } from './centre.ts';
import type { RecordedSecond } from './recorded-street.ts';
import { createReplayDriver } from './replay-driver.ts';

export interface LatencyRun {
  /** Wall time from the report's departure to its answer at the agent, ms. */
  readonly answersMs: readonly number[];
  readonly plans: number;
  /** Reports that no answer came to. */
  readonly unanswered: number;
  /** Processor time of the services per answer, ms: what they need, however crowded the machine is. */
  readonly cpuMsPerAnswer: { readonly detectors: number; readonly optimizer: number };
}

/** Junctions that report in one message at the same moment of each second. */
export type Agents = readonly (readonly Site[])[];

/** Optimizing compilers need some seconds of the real thing before the measurement. */
export const WARM_UP_S = 15;
/** Wall time for all streams to be open before the first report. */
const CONNECT_MS = 3000;
const LAST_ANSWERS_MS = 2000;
const PROGRESS_EVERY_MS = 5000;

/**
 * Real processes: reports of all agents each second, spread evenly over it; `recorded` names each junction's recorded double. `onProgress` is
 * told every 5 s how many seconds are gone, warm-up included, and how many answers have been measured.
 */
export const measureLatency = async (
  agents: Agents,
  recorded: (site: Site) => string,
  seconds: readonly RecordedSecond[],
  onProgress: (goneS: number, answers: number) => void,
): Promise<LatencyRun> => {
  const centre = await startCentre(agents.flat());
  const log = createLog('bench', 'silent');
  const sentAt = new Map<string, number>();
  const answersMs: number[] = [];
  let plans = 0;
  const measureFrom = seconds[WARM_UP_S]!.now;
  const firstAtMs = performance.now() + CONNECT_MS;
  let running = agents.length;
  let allEnded: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (allEnded = resolve));

  const built = agents.map((sites, i) => {
    let commandedAt = 0;
    return buildAgent({
      name: `agent-${i}`,
      sites,
      driver: createReplayDriver({
        seconds,
        junctions: new Map<JunctionId, string>(sites.map((site) => [site.id, recorded(site)])),
        firstAtMs: firstAtMs + (1000 * i) / agents.length,
        // The report leaves right behind the command.
        onCommand: () => (commandedAt = performance.now()),
      }),
      detectors: centre.detectors,
      optimizers: [centre.optimizer],
      onReported: (steps) => {
        for (const { report } of steps)
          if (report.detectors.to >= measureFrom) sentAt.set(`${report.detectors.junction} ${report.detectors.sequence}`, commandedAt);
      },
      onAnswer: ({ junction, sequence, word }) => {
        const key = `${junctionId(junction)} ${sequence}`;
        const sent = sentAt.get(key);
        if (sent === undefined) return;
        sentAt.delete(key);
        answersMs.push(performance.now() - sent);
        if (word.kind === 'plan') plans++;
      },
      onEnded: () => {
        if (--running === 0) allEnded();
      },
      log,
    });
  });
  await Promise.all(built.map((agent) => agent.start()));
  await passed(firstAtMs + WARM_UP_S * 1000 - performance.now());
  const before = centre.cpuMs();
  const progress = setInterval(() => {
    onProgress(Math.round((performance.now() - firstAtMs) / 1000), answersMs.length);
  }, PROGRESS_EVERY_MS);
  await ended;
  clearInterval(progress);
  await passed(LAST_ANSWERS_MS);
  const after = centre.cpuMs();
  await Promise.all(built.map((agent) => agent.stop()));
  await centre.stop();
  const perAnswer = (service: 'detectors' | 'optimizer'): number => (after[service] - before[service]) / answersMs.length;
  const cpuMsPerAnswer = { detectors: perAnswer('detectors'), optimizer: perAnswer('optimizer') };
  return { answersMs, plans, unanswered: sentAt.size, cpuMsPerAnswer };
};

const passed = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
