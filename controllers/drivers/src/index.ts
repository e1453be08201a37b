export * from './driver.ts';
export * from './simulated/simulated-driver.ts';
