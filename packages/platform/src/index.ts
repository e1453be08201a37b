export * from './errors.ts';
export * from './log.ts';
export * from './config.ts';
export * from './run.ts';
export * from './grpc.ts';
export * from './site-folder.ts';
