/** Branded strings, so that a lane's name cannot be given where a detector's is expected. */
type Id<Name extends string> = string & { readonly __id: Name };

export type JunctionId = Id<'Junction'>;
export type SignalGroupId = Id<'SignalGroup'>;
export type StageId = Id<'Stage'>;
export type LaneId = Id<'Lane'>;
export type MovementId = Id<'Movement'>;
export type DetectorId = Id<'Detector'>;
export type PlanId = Id<'Plan'>;

export const junctionId = (s: string): JunctionId => s as JunctionId;
export const signalGroupId = (s: string): SignalGroupId => s as SignalGroupId;
export const stageId = (s: string): StageId => s as StageId;
export const laneId = (s: string): LaneId => s as LaneId;
export const movementId = (s: string): MovementId => s as MovementId;
export const detectorId = (s: string): DetectorId => s as DetectorId;
export const planId = (s: string): PlanId => s as PlanId;
