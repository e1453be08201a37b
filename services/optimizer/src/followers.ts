import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { Answer, AnswerMessage, FollowRequest, FollowResponse } from '@songxanh/wire';
import { encodeAnswer } from '@songxanh/wire';

export type FollowCall = ServerDuplexStream<FollowRequest, FollowResponse>;

/** Which agent follows which junction: the newest stream that named it. */
export interface Followers {
  readonly follow: (call: FollowCall, junctions: readonly string[]) => void;
  readonly leave: (call: FollowCall) => void;
  /** Sends each answer to its follower, all answers for one agent in one message. */
  readonly send: (answers: readonly Answer[]) => void;
  readonly isFollowed: (junction: string) => boolean;
}

export const openFollowers = (): Followers => {
  const callOf = new Map<string, FollowCall>();
  return {
    follow: (call, junctions) => {
      for (const junction of junctions) callOf.set(junction, call);
    },
    leave: (call) => {
      for (const [junction, other] of callOf) if (other === call) callOf.delete(junction);
    },
    send: (answers) => {
      const batches = new Map<FollowCall, AnswerMessage[]>();
      for (const answer of answers) {
        const call = callOf.get(answer.junction);
        if (call === undefined) continue;
        const batch = batches.get(call) ?? [];
        batches.set(call, batch);
        batch.push(encodeAnswer(answer));
      }
      for (const [call, batch] of batches) call.write({ answers: batch });
    },
    isFollowed: (junction) => callOf.has(junction),
  };
};
