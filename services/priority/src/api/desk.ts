import type { Instant, Result } from '@songxanh/core';
import type { AskedPriority, PriorityStatus, VehiclePosition } from '@songxanh/wire';
import type { Client } from '../access/clients.ts';
import { openRateLimiter, POSITION_RATE, REQUEST_RATE, type RateLimit } from '../access/rate-limit.ts';
import type { Office } from '../requests/office.ts';

/** The one door for every way in: floods and malformed messages end here, with a status for the requester and a count. */
export interface Desk {
  readonly ask: (client: Client, id: string, junction: string, asked: Result<AskedPriority>) => PriorityStatus;
  readonly cancel: (client: Client, id: string) => PriorityStatus;
  readonly position: (client: Client, vehicle: string, position: Result<VehiclePosition>) => PriorityStatus;
}

export interface DeskRates {
  readonly requests: RateLimit;
  readonly positions: RateLimit;
}

export const openFrontDesk = (
  office: Office,
  wallMs: () => number,
  rates: DeskRates = { requests: REQUEST_RATE, positions: POSITION_RATE },
): Desk => {
  const mayAsk = openRateLimiter(rates.requests, wallMs);
  const maySend = openRateLimiter(rates.positions, wallMs);
  const reject = (id: string, junction: string, reason: string): PriorityStatus => {
    office.countRefusal(reason);
    return { id, junction, status: 'rejected', reason, at: office.now() ?? (0 as Instant) };
  };
  return {
    ask: (client, id, junction, asked) => {
      if (!mayAsk(client.name)) return reject(id, junction, 'too-many-requests');
      return asked.ok ? office.ask(client, asked.value) : reject(id, junction, asked.reason);
    },
    cancel: (client, id) => (mayAsk(client.name) ? office.cancel(client, id) : reject(id, '', 'too-many-requests')),
    position: (client, vehicle, position) => {
      if (!maySend(client.name)) return reject(vehicle, '', 'too-many-requests');
      return position.ok ? office.position(client, position.value) : reject(vehicle, '', position.reason);
    },
  };
};
