export { FileFault } from './file-fault.ts';
export { parseNetwork, readNetwork } from './network/parse-network.ts';
export { parseRoutes, readRoutes } from './routes/read-routes.ts';
export type { RouteOptions } from './routes/read-routes.ts';
export { defaultType, mayUse } from './routes/vehicle-class.ts';
