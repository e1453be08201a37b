export * from './app.ts';
export * from './cabinet.ts';
export * from './monitor/card.ts';
