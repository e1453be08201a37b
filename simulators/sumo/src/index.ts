export type { Street, StreetStep } from './street.ts';
export { openSumoStreet, type SumoStreetOptions } from './sumo-street.ts';
export { findFreePort, launchSumo, sumoArguments, type RunningSumo, type SumoRun } from './launch-sumo.ts';
export { SIGHT_M } from './sightings.ts';
