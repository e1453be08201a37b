export * from './app.ts';
export * from './observation-feed.ts';
