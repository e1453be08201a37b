export * from './api/live.ts';
