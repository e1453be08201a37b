import { detectorId, junctionId, laneId, signalGroupId, stageId } from '../ids.ts';
import type { Conflict, Intergreen } from '../intersection/conflict-matrix.ts';
import type { Detector } from '../intersection/detector.ts';
import { NO_COUNTDOWN, type SignalGroup } from '../intersection/signal-group.ts';
import type { Site } from '../intersection/site.ts';
import { instant, seconds } from '../time.ts';

/** 2026-01-05 (a Monday) 07:00 in Hanoi. */
export const MONDAY_7 = instant(Date.UTC(2026, 0, 5, 0, 0, 0));

const vehicle = (name: string, head: number): SignalGroup => ({
  id: signalGroupId(name),
  kind: 'vehicle',
  heads: [head],
  minGreen: seconds(5),
  maxGreen: seconds(40),
  clearance: seconds(3),
  minRed: seconds(2),
  redCap: seconds(180),
  countdown: NO_COUNTDOWN,
});

const pedestrian = (name: string, head: number): SignalGroup => ({
  ...vehicle(name, head),
  kind: 'pedestrian',
  minGreen: seconds(7),
  clearance: seconds(8),
  redCap: seconds(120),
});

const ARMS = ['N', 'E', 'S', 'W'] as const;

/** Loops at the stop line of each vehicle group, a button for each pedestrian group. */
const detectorFor = (group: SignalGroup): Detector => ({
  id: detectorId(`${group.kind === 'pedestrian' ? 'btn' : 'loop'}_${group.id}`),
  role: group.kind === 'pedestrian' ? 'push-button' : 'stop-line',
  ...(group.kind === 'pedestrian' ? {} : { lane: laneId(`${group.id}_0`) }),
  groups: [group.id],
  distanceM: 1,
  lengthM: 2,
  delay: seconds(0),
  extension: seconds(group.kind === 'pedestrian' ? 0 : 3),
  locking: group.kind === 'pedestrian',
  onFailure: group.kind === 'pedestrian' ? 'pedestrian' : 'minimum',
});

/**
 * A four-arm junction: through (T) and permissive left (L) of each arm, four crossings, the northern one in two stages over a refuge (PN, PN2).
 * Stages: north-south, north-south lefts alone, east-west, east-west lefts alone. Crossings run beside the parallel through traffic.
 */
export const fourArms = (change: Partial<Site> = {}): Site => {
  const names = ARMS.flatMap((arm) => [`T${arm}`, `L${arm}`]);
  const walks = ['PN', 'PE', 'PS', 'PW', 'PN2'];
  const groups = [...names.map(vehicle), ...walks.map((name, i) => pedestrian(name, names.length + i))];
  const axis = (name: string): string => ('NS'.includes(name[1]!) ? 'NS' : 'EW');
  const opposite: Record<string, string> = { N: 'S', S: 'N', E: 'W', W: 'E' };

  const conflicts: Conflict[] = [];
  const intergreens: Intergreen[] = [];
  const meet = (conflict: Conflict, a: string, b: string): void => {
    conflicts.push(conflict);
    const [from, to] = [signalGroupId(a), signalGroupId(b)];
    const leave = (name: string): number => (name.startsWith('P') ? 9 : 5);
    intergreens.push({ from, to, duration: seconds(leave(a)) }, { from: to, to: from, duration: seconds(leave(b)) });
  };
  for (const a of names)
    for (const b of names) {
      if (a >= b) continue;
      const hard = axis(a) !== axis(b);
      const facing = a[1] === opposite[b[1]!];
      if (hard) meet({ kind: 'hard', a: signalGroupId(a), b: signalGroupId(b) }, a, b);
      else if (facing && a[0] !== b[0]) {
        const [left, through] = a.startsWith('L') ? [a, b] : [b, a];
        meet({ kind: 'permissive', yields: signalGroupId(left), to: signalGroupId(through) }, left, through);
      }
    }
  // The crossing of an arm is walked while the cross street runs: the northern crossing beside east-west traffic.
  for (const walk of walks)
    for (const name of names) {
      const arm = walk[1]!;
      if (axis(name) === axis(walk)) meet({ kind: 'hard', a: signalGroupId(walk), b: signalGroupId(name) }, walk, name);
      else if (name.startsWith('L') && arm !== name[1])
        meet({ kind: 'permissive', yields: signalGroupId(name), to: signalGroupId(walk) }, name, walk);
    }

  const stage = (name: string, green: readonly string[]) => ({ id: stageId(name), green: green.map(signalGroupId) });
  const stages = [
    stage('NS', ['TN', 'LN', 'TS', 'LS', 'PE', 'PW']),
    stage('NSleft', ['LN', 'LS']),
    stage('EW', ['TE', 'LE', 'TW', 'LW', 'PN', 'PS', 'PN2']),
    stage('EWleft', ['LE', 'LW']),
  ];
  return {
    id: junctionId('J1'),
    name: 'Four arms',
    position: { lon: 105.85, lat: 21.02 },
    timeZone: 'Asia/Ho_Chi_Minh',
    mode: 'control',
    headCount: groups.length,
    lanes: [],
    movements: [],
    groups,
    conflicts,
    intergreens,
    crossings: [
      { id: 'north', groups: [signalGroupId('PN'), signalGroupId('PN2')], lengthM: 20, walkingSpeedMps: 1.2 },
      { id: 'east', groups: [signalGroupId('PE')], lengthM: 10, walkingSpeedMps: 1.2 },
    ],
    stages,
    stageOrder: 'skips',
    stageSequence: stages.map(({ id }) => id),
    detectors: groups.map(detectorFor),
    recalls: [],
    plans: [
      {
        name: 'day',
        cycle: seconds(100),
        offset: seconds(20),
        splits: [35, 15, 35, 15].map((duration, i) => ({ stage: stages[i]!.id, duration: seconds(duration) })),
      },
    ],
    schedule: [{ days: [0, 1, 2, 3, 4, 5, 6], from: seconds(0), plan: 'day' }],
    startUp: { flash: seconds(5), allRed: seconds(6), stage: stageId('NS') },
    flashYellow: ['TN', 'TS'].map(signalGroupId),
    weights: [],
    ...change,
  };
};

/** The same junction with one kind of display on every group. */
export const withCountdown = (site: Site, kind: 'full' | 'tail', tail = 9): Site => ({
  ...site,
  groups: site.groups.map((group) => ({ ...group, countdown: { green: kind, red: kind, tail: seconds(tail) } })),
});
