export * from './app.ts';
export * from './live/live-board.ts';
export * from './live/broadcast.ts';
export * from './override/override-desk.ts';
export * from './geometry/network-features.ts';
export * from './geometry/projection.ts';
export * from './access/accounts.ts';
export { SHORTEST_PASSWORD } from './access/password.ts';
