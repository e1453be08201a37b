export { createSimulation } from './simulation.ts';
export type { Simulation, SimulationOptions } from './simulation.ts';
export type { Kpis, TripRow } from './results.ts';
export type { LaneQueue } from './lane-queues.ts';
export type { MapView } from './map-view.ts';
export type { Snapshot } from './snapshot.ts';
export type { PedestrianRow } from './pedestrians.ts';
export { openMicroStreet } from './process/micro-street.ts';
export type { MicroStreet } from './process/micro-street.ts';
