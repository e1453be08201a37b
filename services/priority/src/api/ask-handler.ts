import type { ServerDuplexStream } from '@grpc/grpc-js';
import { EdgeError, type Handlers } from '@songxanh/platform';
import type { AskRequest, AskResponse, PriorityStatus } from '@songxanh/wire';
import { encodePriorityStatus, parsePriorityRequest, parseVehiclePosition } from '@songxanh/wire';
import type { Client, FindClient } from '../access/clients.ts';
import type { Desk } from './desk.ts';

type AskCall = ServerDuplexStream<AskRequest, AskResponse>;

export interface AskHandler {
  readonly handlers: Handlers;
  /** Tells the client on all its streams. */
  readonly tell: (client: string, status: PriorityStatus) => void;
}

/** The gRPC side: a stream per requester; each message is answered, and statuses follow as they change. */
export const openAskHandler = (findClient: FindClient, desk: Desk): AskHandler => {
  const streams = new Map<AskCall, Client>();
  const ask = (call: AskCall): void => {
    let client: Client;
    try {
      client = findClient(call.metadata.get('authorization')[0]?.toString());
    } catch (error) {
      if (!(error instanceof EdgeError)) throw error;
      call.emit('error', error.asGrpc);
      return;
    }
    streams.set(call, client);
    call.on('data', ({ requests, cancels, positions }: AskRequest) => {
      const statuses = [
        ...requests.map((message) => desk.ask(client, message.id, message.junction, parsePriorityRequest(message))),
        ...cancels.map((id) => desk.cancel(client, id)),
        ...positions.map((message) => desk.position(client, message.vehicle, parseVehiclePosition(message))),
      ];
      call.write({ statuses: statuses.map(encodePriorityStatus) });
    });
    const gone = (): void => void streams.delete(call);
    call.on('cancelled', gone);
    call.on('close', gone);
    call.on('end', () => {
      gone();
      call.end();
    });
  };
  return {
    handlers: { Ask: ask },
    tell: (name, status) => {
      for (const [call, client] of streams) if (client.name === name) call.write({ statuses: [encodePriorityStatus(status)] });
    },
  };
};
