import { destination, pino, type Logger } from 'pino';

export type Log = Logger;

/**
 * JSON lines, one event per line. Name what a line is about by fields (`junction`, `plan`, `sequence`), not inside the text.
 * Level from `SONGXANH_LOG` (trace … fatal, silent), info by default. Written at once, so that a crash loses no line.
 */
export const createLog = (process_: string, level = process.env['SONGXANH_LOG'] ?? 'info'): Log =>
  pino({ level, base: { process: process_, pid: process.pid } }, destination({ fd: 1, sync: true }));
