/**
 * The messages of `proto/songxanh/v1` as the gRPC layer hands them over: camelCase, integers and enums as numbers,
 * absent scalars as zero or '', absent messages as null.
 */
export interface ActuationMessage {
  readonly detector: string;
  readonly atMs: number;
  readonly on: boolean;
}

export interface RefusalMessage {
  readonly reason: string;
  readonly message: string;
}

export interface PlanStepMessage {
  readonly stage: string;
  readonly startMs: number;
}

export interface PlanMessage {
  readonly id: string;
  readonly junction: string;
  readonly source: number;
  readonly madeAtMs: number;
  readonly steps: readonly PlanStepMessage[];
  readonly untilMs: number;
}

export interface GroupStateMessage {
  readonly group: string;
  readonly lamp: number;
  readonly sinceMs: number;
  readonly countdown?: number;
}

export interface CommitmentMessage {
  readonly group: string;
  readonly change: number;
  readonly atMs: number;
}

export interface WaitingCallMessage {
  readonly group: string;
  readonly sinceMs: number;
  readonly greenByMs: number;
}

export interface SignalStateMessage {
  readonly junction: string;
  readonly atMs: number;
  readonly mode: number;
  readonly source: number;
  readonly why: string;
  readonly groups: readonly GroupStateMessage[];
  readonly commitments: readonly CommitmentMessage[];
  readonly plan: PlanMessage | null;
  readonly stage: string;
  readonly worstWaitMs: number;
  readonly calls: readonly WaitingCallMessage[];
}

export interface SignalEventMessage {
  readonly atMs: number;
  readonly code: number;
  readonly parameter: number;
}

export interface CabinetHealthMessage {
  readonly monitorFault: boolean;
  readonly monitorReason: string;
  readonly failedHeads: readonly number[];
}

export interface JunctionReportMessage {
  readonly junction: string;
  readonly sequence: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly actuations: readonly ActuationMessage[];
  readonly signals: SignalStateMessage | null;
  readonly events: readonly SignalEventMessage[];
  readonly cabinet: CabinetHealthMessage | null;
  readonly epoch: number;
}

export interface ReportRequest {
  readonly agent: string;
  readonly reports: readonly JunctionReportMessage[];
}

export interface ReportOutcomeMessage {
  readonly junction: string;
  readonly sequence: number;
  readonly refusal: RefusalMessage | null;
  readonly repaired: readonly string[];
}

export interface ReportResponse {
  readonly outcomes: readonly ReportOutcomeMessage[];
}

export interface SubscribeRequest {
  readonly subscriber: string;
  readonly junctions: readonly string[];
}

export interface DetectorCountMessage {
  readonly detector: string;
  readonly count: number;
  readonly occupiedMs: number;
  readonly on: boolean;
  readonly quality: number;
}

export interface JunctionObservationMessage {
  readonly junction: string;
  readonly sequence: number;
  readonly epoch: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly counts: readonly DetectorCountMessage[];
  readonly actuations: readonly ActuationMessage[];
  readonly signals: SignalStateMessage | null;
}

export interface SubscribeResponse {
  readonly observations: readonly JunctionObservationMessage[];
}

export interface PlanOutcomeMessage {
  readonly plan: string;
  readonly junction: string;
  readonly refusal: RefusalMessage | null;
}

export interface FollowRequest {
  readonly agent: string;
  readonly junctions: readonly string[];
  readonly outcomes: readonly PlanOutcomeMessage[];
}

export interface AnswerMessage {
  readonly junction: string;
  readonly sequence: number;
  readonly epoch: number;
  readonly plan: PlanMessage | null;
  readonly redirect: string;
}

export interface FollowResponse {
  readonly answers: readonly AnswerMessage[];
}

export interface OverrideMessage {
  readonly id: string;
  readonly junction: string;
  readonly source: number;
  readonly action?: 'hold' | 'stage' | 'planName' | 'allRed' | 'flash';
  readonly hold?: boolean;
  readonly stage?: string;
  readonly planName?: string;
  readonly allRed?: boolean;
  readonly flash?: boolean;
  readonly reason: string;
  readonly by: string;
  readonly expiresMs: number;
}

export interface OverrideOutcomeMessage {
  readonly override: string;
  readonly junction: string;
  readonly outcome: string;
  readonly message: string;
}

/** OverrideServiceAttachRequest. */
export interface OverrideAttachRequest {
  readonly agent: string;
  readonly junctions: readonly string[];
  readonly states: readonly SignalStateMessage[];
  readonly outcomes: readonly OverrideOutcomeMessage[];
}

/** OverrideServiceAttachResponse. */
export interface OverrideAttachResponse {
  readonly overrides: readonly OverrideMessage[];
}

export interface HeadStatesMessage {
  readonly junction: string;
  readonly heads: Uint8Array;
}

export interface AttachRequest {
  readonly cabinet: string;
  readonly junctions: readonly string[];
  readonly atMs: number;
  readonly states: readonly HeadStatesMessage[];
}

export interface StreetInputMessage {
  readonly junction: string;
  readonly actuations: readonly ActuationMessage[];
}

export interface AttachResponse {
  readonly atMs: number;
  readonly inputs: readonly StreetInputMessage[];
  readonly ended: boolean;
}

export interface ControlRequest {
  readonly agent: string;
  readonly junctions: readonly string[];
  readonly atMs: number;
  readonly commands: readonly HeadStatesMessage[];
}

export interface CabinetInputMessage {
  readonly junction: string;
  readonly actuations: readonly ActuationMessage[];
  readonly health: CabinetHealthMessage | null;
}

export interface ControlResponse {
  readonly atMs: number;
  readonly inputs: readonly CabinetInputMessage[];
  readonly ended: boolean;
}

export interface MaintainRequest {
  readonly junction: string;
  readonly action?: 'resetFault' | 'failHead' | 'mendHead' | 'force';
  readonly resetFault?: boolean;
  readonly failHead?: number;
  readonly mendHead?: number;
  readonly force?: HeadStatesMessage;
}

export interface MaintainResponse {
  readonly done: boolean;
  readonly message: string;
}

export interface PriorityRequestMessage {
  readonly id: string;
  readonly junction: string;
  readonly vehicle: string;
  readonly vehicleClass: number;
  readonly laneIn: string;
  readonly laneOut: string;
  readonly earliestMs: number;
  readonly latestMs: number;
  readonly persons: number;
  readonly line: string;
  readonly stop: string;
  readonly latenessMs?: number;
}

export interface VehiclePositionMessage {
  readonly vehicle: string;
  readonly line: string;
  readonly trip: string;
  readonly lonDeg: number;
  readonly latDeg: number;
  readonly atMs: number;
  readonly persons: number;
}

export interface AskRequest {
  readonly requests: readonly PriorityRequestMessage[];
  readonly cancels: readonly string[];
  readonly positions: readonly VehiclePositionMessage[];
}

export interface PriorityStatusMessage {
  readonly id: string;
  readonly junction: string;
  readonly status: number;
  readonly reason: string;
  readonly atMs: number;
}

export interface AskResponse {
  readonly statuses: readonly PriorityStatusMessage[];
}
