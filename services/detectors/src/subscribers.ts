import type { ServerWritableStream } from '@grpc/grpc-js';
import type { JunctionObservationMessage, SubscribeRequest, SubscribeResponse } from '@songxanh/wire';

export type SubscribeCall = ServerWritableStream<SubscribeRequest, SubscribeResponse>;

/** A subscriber with this many unsent messages has stopped reading: it is cut off, and gets the newest observations when it comes back. */
const MAX_UNSENT = 500;

export interface Subscribers {
  readonly add: (call: SubscribeCall, latest: (junction: string) => JunctionObservationMessage | undefined, all: readonly string[]) => void;
  readonly send: (observations: readonly JunctionObservationMessage[]) => void;
}

export const openSubscribers = (): Subscribers => {
  const wanted = new Map<SubscribeCall, ReadonlySet<string> | 'all'>();
  const write = (call: SubscribeCall, observations: readonly JunctionObservationMessage[]): void => {
    if (observations.length === 0) return;
    if (call.writableLength > MAX_UNSENT) {
      wanted.delete(call);
      call.end();
      return;
    }
    call.write({ observations });
  };
  return {
    add: (call, latest, all) => {
      const { junctions } = call.request;
      wanted.set(call, junctions.length === 0 ? 'all' : new Set(junctions));
      const gone = (): void => void wanted.delete(call);
      call.on('cancelled', gone);
      call.on('close', gone);
      write(
        call,
        (junctions.length === 0 ? all : junctions).flatMap((junction) => latest(junction) ?? []),
      );
    },
    send: (observations) => {
      for (const [call, junctions] of wanted) {
        write(call, junctions === 'all' ? observations : observations.filter(({ junction }) => junctions.has(junction)));
      }
    },
  };
};
