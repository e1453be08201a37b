export * from './app.ts';
export * from './detection-rules.ts';
