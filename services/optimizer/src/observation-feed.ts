import type { Client } from '@grpc/grpc-js';
import type { JunctionId } from '@songxanh/core';
import type { StreamLink } from '@songxanh/platform';
import { keepSubscription } from '@songxanh/platform';
import type { JunctionObservationMessage, SubscribeRequest, SubscribeResponse } from '@songxanh/wire';

/**
 * A subscription to the detector service whose set of junctions may change. The service begins each subscription with the newest
 * observations, so nothing that still waits for an answer is missed in between.
 */
export const openObservationFeed = (
  client: Client,
  subscriber: string,
  take: (messages: readonly JunctionObservationMessage[]) => void,
) => {
  let link: StreamLink<never> | undefined;
  return {
    subscribe: (junctions: readonly JunctionId[]): void => {
      link?.close();
      link = undefined;
      // To the service no junction at all means every junction.
      if (junctions.length === 0) return;
      link = keepSubscription<SubscribeResponse, SubscribeRequest>(client, 'Subscribe', () => ({ subscriber, junctions }), {
        onMessage: ({ observations }) => {
          take(observations);
        },
      });
    },
    close: (): void => {
      link?.close();
    },
  };
};
