import type {
  JunctionMode,
  Recall,
  SignalGroupKind,
  StageOrder,
  Turn,
  DetectorRole,
  CountdownKind,
  TrafficMix,
  TrafficMixName,
} from '@songxanh/core';

/** A `.site.json` as a person writes it: seconds with decimals, clock times as HH:MM. What is optional takes a derived default. */
export interface SiteFile {
  readonly $schema?: string;
  readonly id: string;
  readonly name?: string;
  readonly position: { readonly lon: number; readonly lat: number };
  readonly timeZone?: string;
  readonly mode?: JunctionMode;
  readonly headCount?: number;
  readonly lanes?: readonly LaneEntry[];
  readonly movements?: readonly MovementEntry[];
  readonly groups: readonly GroupEntry[];
  readonly conflicts?: {
    readonly hard?: readonly (readonly [string, string])[];
    readonly permissive?: readonly { readonly yields: string; readonly to: string }[];
  };
  readonly intergreensS?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly crossings?: readonly CrossingEntry[];
  readonly stages: readonly { readonly id: string; readonly name?: string; readonly green: readonly string[] }[];
  readonly stageOrder?: StageOrder;
  readonly stageSequence?: readonly string[];
  readonly detectors?: readonly DetectorEntry[];
  readonly recalls?: readonly { readonly group: string; readonly recall: Recall }[];
  readonly plans?: readonly PlanEntry[];
  readonly schedule?: readonly { readonly days: readonly number[]; readonly from: string; readonly plan: string }[];
  readonly ringBarrier?: {
    readonly phases: readonly { readonly number: number; readonly groups: readonly string[] }[];
    readonly rings: readonly (readonly (readonly number[])[])[];
  };
  readonly startUp?: { readonly flashS?: number; readonly allRedS?: number; readonly stage?: string };
  readonly flashYellow?: readonly string[];
  readonly weights?: readonly { readonly lane: string; readonly weight: number }[];
  readonly traffic?: TrafficMixName | TrafficMix;
}

export interface LaneEntry {
  readonly id: string;
  readonly lengthM: number;
  readonly speedMps: number;
  readonly widthM?: number;
}

export interface MovementEntry {
  readonly id: string;
  readonly group: string;
  readonly fromLane: string;
  readonly toLane: string;
  readonly turn: Turn;
  readonly exitLengthM?: number;
  readonly downstreamLane?: string;
}

export interface GroupEntry {
  readonly id: string;
  readonly kind?: SignalGroupKind;
  readonly name?: string;
  readonly heads: readonly number[];
  readonly minGreenS?: number;
  readonly maxGreenS?: number;
  readonly clearanceS?: number;
  readonly minRedS?: number;
  readonly redCapS?: number;
  readonly countdown?: { readonly green?: CountdownKind; readonly red?: CountdownKind; readonly tailS?: number };
  readonly leadingIntervalS?: number;
}

export interface CrossingEntry {
  readonly id: string;
  readonly groups: readonly string[];
  readonly lengthM: number;
  readonly walkingSpeedMps?: number;
}

export interface DetectorEntry {
  readonly id: string;
  readonly role: DetectorRole;
  readonly lane?: string;
  readonly groups: readonly string[];
  readonly distanceM?: number;
  readonly lengthM?: number;
  readonly delayS?: number;
  readonly extensionS?: number;
  readonly locking?: boolean;
  readonly onFailure?: Recall;
}

export interface PlanEntry {
  readonly name: string;
  readonly cycleS: number;
  readonly offsetS: number;
  readonly splits: readonly { readonly stage: string; readonly durationS: number }[];
}
