export { createSimulation } from './simulation.ts';
export type { Kpis, LaneQueue, Simulation, SimulationOptions, TripRow, VehicleSnapshot } from './simulation.ts';
export type { PedestrianRow } from './pedestrians.ts';
export { openMicroStreet } from './process/micro-street.ts';
export type { MicroStreet } from './process/micro-street.ts';
