/** One trip of a run with the people it carries. */
export interface Journey {
  /** vType of a vehicle, or `PEDESTRIAN`. */
  readonly kind: string;
  /** Edge on which a vehicle enters the network; empty where unknown, and on foot. */
  readonly entry: string;
  /** Scenario second at which it wanted to begin. */
  readonly dueS: number;
  /** timeLoss + departDelay of a vehicle, waiting of a pedestrian; until the end of the run where it had not ended. */
  readonly delayS: number;
  readonly persons: number;
  readonly end: 'arrived' | 'on-the-way' | 'never-inserted';
}

export const PEDESTRIAN = 'pedestrian';

export interface PersonDelay {
  readonly journeys: number;
  readonly persons: number;
  readonly personDelayS: number;
}

/** What a comparison keeps of a run. */
export interface RunSummary extends PersonDelay {
  readonly byKind: Readonly<Record<string, PersonDelay>>;
  /** Vehicles by the edge on which they enter. */
  readonly byEntry: Readonly<Record<string, PersonDelay>>;
  /** By the quarter of an hour in which the journeys wanted to begin: scenario second of its begin → delay. */
  readonly byQuarter: Readonly<Record<string, PersonDelay>>;
  /** Vehicles. */
  readonly arrived: number;
  readonly onTheWay: number;
  readonly neverInserted: number;
}

const QUARTER_S = 900;

const add = (sums: Record<string, PersonDelay>, key: string, { persons, delayS }: Journey): void => {
  const so = sums[key] ?? { journeys: 0, persons: 0, personDelayS: 0 };
  sums[key] = { journeys: so.journeys + 1, persons: so.persons + persons, personDelayS: so.personDelayS + persons * delayS };
};

/** Everybody counts, arrived or not. */
export const summarize = (journeys: readonly Journey[]): RunSummary => {
  const [all, byKind, byEntry, byQuarter]: Record<string, PersonDelay>[] = [{}, {}, {}, {}];
  const ends = { arrived: 0, 'on-the-way': 0, 'never-inserted': 0 };
  for (const journey of journeys) {
    add(all!, 'all', journey);
    add(byKind!, journey.kind, journey);
    if (journey.entry !== '') add(byEntry!, journey.entry, journey);
    add(byQuarter!, String(Math.floor(journey.dueS / QUARTER_S) * QUARTER_S), journey);
    if (journey.kind !== PEDESTRIAN) ends[journey.end]++;
  }
  const total = all!['all'] ?? { journeys: 0, persons: 0, personDelayS: 0 };
  return {
    ...total,
    byKind: byKind!,
    byEntry: byEntry!,
    byQuarter: byQuarter!,
    arrived: ends.arrived,
    onTheWay: ends['on-the-way'],
    neverInserted: ends['never-inserted'],
  };
};

/** Mean delay per person, s. */
export const perPerson = ({ persons, personDelayS }: PersonDelay): number => personDelayS / Math.max(1, persons);

/** The edge of a lane, by SUMO's names. */
export const edgeOfLane = (lane: string): string => lane.replace(/_\d+$/, '');
