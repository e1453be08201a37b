export * from './agent.ts';
export * from './junction.ts';
export * from './logs.ts';
export * from './override-follower.ts';
export * from './plan-follower.ts';
export * from './reporter.ts';
