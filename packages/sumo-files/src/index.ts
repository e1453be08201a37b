export { FileFault } from './file-fault.ts';
export { parseNetwork, readNetwork } from './network/parse-network.ts';
