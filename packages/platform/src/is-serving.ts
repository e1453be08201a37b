import { Client, credentials } from '@grpc/grpc-js';

/** HealthCheckResponse with `status = SERVING`: field 1, varint 1. */
const SERVING = Buffer.from([0x08, 0x01]);

/** Asks grpc.health.v1 at `address` about the whole process; false when nobody answers in time. */
export const isServing = (address: string, withinMs = 500): Promise<boolean> =>
  new Promise((resolve) => {
    const client = new Client(address, credentials.createInsecure());
    // The request names no service, so it is the empty message.
    client.makeUnaryRequest(
      '/grpc.health.v1.Health/Check',
      () => Buffer.alloc(0),
      (bytes) => bytes,
      undefined,
      { deadline: Date.now() + withinMs },
      (error, answer) => {
        client.close();
        resolve(error === null && answer !== undefined && SERVING.equals(answer));
      },
    );
  });
