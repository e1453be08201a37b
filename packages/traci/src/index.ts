export { connect, TraciClient, type ConnectOptions } from './client.ts';
export { DOMAIN, TYPE, VARIABLE } from './constants.ts';
export { readPassages, readSignalsAhead, type ControlledLink, type LoopPassage, type SignalAhead } from './domains.ts';
export { TraciCommandError, TraciConnectionError, TraciProtocolError } from './errors.ts';
export type { MessageReader, Point, Value } from './message-reader.ts';
export type { ContextValues, ObjectValues } from './subscription.ts';
