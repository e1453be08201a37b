export * from './api/live.ts';
export * from './detection.ts';
export * from './enums.ts';
export * from './messages.ts';
export * from './override.ts';
export * from './plan.ts';
export * from './signals.ts';
