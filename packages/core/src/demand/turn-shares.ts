import type { Turn } from '../intersection/lane.ts';

/** Weights of a lane's turns before any is measured. */
export const TURN_PRIOR: Record<Turn, number> = { through: 3, left: 1, right: 1, 'u-turn': 0.1 };
/** What each departure leaves of the weights of those before it. */
export const TURN_MEMORY = 0.98;
