import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import {
  after,
  instant,
  milliseconds,
  planId,
  seconds,
  type DetectorActuation,
  type Instant,
  type Site,
  type StagePlan,
} from '@songxanh/core';
import { deriveCard, openCabinets, type Cabinets } from '@songxanh/cabinet';
import { createLog, serve, serveStreet, type Log, type Served, type Street, type StreetServer } from '@songxanh/platform';
import {
  encodeAnswer,
  encodeReportOutcome,
  parsePlanOutcome,
  parseReport,
  parseSite,
  type FollowRequest,
  type FollowResponse,
  type JunctionReport,
  type PlanOutcome,
  type ReportRequest,
  type ReportResponse,
} from '@songxanh/wire';

export const LOCAL = '127.0.0.1:0';
export const quiet: Log = createLog('test', process.env['SONGXANH_LOG'] ?? 'silent');

const SCENARIOS = join(import.meta.dirname, '..', '..', '..', '..', 'scenarios');

/** The sites of one of the project's scenarios, in order of their names. */
export const sitesOf = (scenario: 'one-junction' | 'corridor'): readonly Site[] => {
  const folder = join(SCENARIOS, scenario, 'sites');
  return readdirSync(folder)
    .sort()
    .map((file) => {
      const site = parseSite(readFileSync(join(folder, file), 'utf8'), file);
      if (!site.ok) throw new Error(site.message);
      return site.value;
    });
};

export const eventually = async (condition: () => boolean, what: string, withinMs = 10_000): Promise<void> => {
  const end = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

/** Park–Miller: the same seed gives the same street. */
const randomOf = (seed: number): (() => number) => {
  let state = (seed % 2_147_483_646) + 1;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
};

/** Monday 2026-01-05, 07:00 in Hanoi. */
export const BEGIN = instant(Date.UTC(2026, 0, 5));

export interface ScriptedStreet extends Street {
  /** Heads of each step as hexadecimal, by junction. */
  readonly seen: Map<string, { readonly at: Instant; readonly heads: Uint8Array }[]>;
}

/** A street without vehicles: detectors go on and off by chance, what the heads show is written down. */
export const scriptedStreet = (sites: readonly Site[], steps: number, seed = 1): ScriptedStreet => {
  const random = randomOf(seed);
  const seen: ScriptedStreet['seen'] = new Map();
  const on = new Set<string>();
  let now = BEGIN;
  let left = steps;
  const actuate = (site: Site, from: Instant): readonly DetectorActuation[] =>
    site.detectors.flatMap((d) => {
      if (random() > 0.2) return [];
      const at = after(from, milliseconds(100 * (1 + Math.floor(random() * 10))));
      if (!on.delete(d.id)) on.add(d.id);
      return [{ detector: d.id, at, on: on.has(d.id) }];
    });
  return {
    begin: BEGIN,
    seen,
    step: (heads) => {
      for (const [junction, lamps] of heads) seen.set(junction, [...(seen.get(junction) ?? []), { at: now, heads: lamps }]);
      const from = now;
      now = after(now, seconds(1));
      left -= 1;
      return { now, inputs: new Map(sites.map((s) => [s.id, actuate(s, from)])), ended: left <= 0 };
    },
  };
};

export interface Field {
  readonly street: ScriptedStreet;
  readonly server: StreetServer;
  readonly cabinets: Cabinets;
  readonly stop: () => Promise<void>;
}

const opened: (() => Promise<void>)[] = [];

/** For `afterEach`: a street that a failed test left running would keep the machine busy for ever. */
export const closeFields = async (): Promise<void> => {
  for (const stop of opened.splice(0)) await stop();
};

/** A street and its cabinets, waiting for agents. */
export const openField = async (sites: readonly Site[], options: { steps: number; speed: number; seed?: number }): Promise<Field> => {
  const street = scriptedStreet(sites, options.steps, options.seed);
  const server = await serveStreet({ street, listen: LOCAL, speed: options.speed, expect: sites.map((s) => s.id), log: quiet });
  const cabinets = await openCabinets({
    name: 'cabinet',
    cards: sites.map(deriveCard),
    listen: LOCAL,
    street: server.served.address,
    awaitAgentsMs: 10_000,
    log: quiet,
  });
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= cabinets.stop().then(server.stop));
  opened.push(stop);
  return { street, server, cabinets, stop };
};

export interface Centre {
  readonly served: Served;
  readonly reports: JunctionReport[];
  readonly outcomes: PlanOutcome[];
  readonly stop: () => Promise<void>;
}

export type Decide = (report: JunctionReport) => StagePlan | undefined;

/** Detector service and optimizer in one: answers each report with what `decide` says, undefined for "unchanged". */
export const openCentre = async (decide: Decide, listen = LOCAL): Promise<Centre> => {
  const reports: JunctionReport[] = [];
  const outcomes: PlanOutcome[] = [];
  const followers = new Map<string, ServerDuplexStream<FollowRequest, FollowResponse>>();

  const answer = (report: JunctionReport): void => {
    const { junction, sequence } = report.detectors;
    const plan = decide(report);
    const word = plan === undefined ? ({ kind: 'unchanged' } as const) : ({ kind: 'plan', plan } as const);
    followers.get(junction)?.write({ answers: [encodeAnswer({ junction, sequence, epoch: report.epoch, word })] });
  };

  const served = await serve(listen, {
    DetectionService: {
      Report: (call: ServerDuplexStream<ReportRequest, ReportResponse>) => {
        call.on('data', (m: ReportRequest) => {
          for (const message of m.reports) {
            const report = parseReport(message);
            if (!report.ok) throw new Error(report.message);
            reports.push(report.value);
            answer(report.value);
            const { junction, sequence } = report.value.detectors;
            call.write({ outcomes: [encodeReportOutcome({ junction, sequence, refusal: undefined, repaired: [] })] });
          }
        });
      },
    },
    PlanService: {
      Follow: (call: ServerDuplexStream<FollowRequest, FollowResponse>) => {
        call.on('data', (m: FollowRequest) => {
          for (const junction of m.junctions) followers.set(junction, call);
          for (const message of m.outcomes) {
            const outcome = parsePlanOutcome(message);
            if (outcome.ok) outcomes.push(outcome.value);
          }
        });
      },
    },
  });
  return { served, reports, outcomes, stop: served.stop };
};

/** The plan that runs, as the optimizer's own, for another minute. */
export const confirm: Decide = ({ signals, detectors }) =>
  signals.mode === 'running'
    ? {
        ...signals.plan,
        id: planId(`confirm-${String(detectors.sequence)}`),
        source: 'optimizer',
        madeAt: detectors.to,
        until: after(signals.plan.steps.at(-1)?.start ?? detectors.to, seconds(60)),
      }
    : undefined;
