import { status } from '@grpc/grpc-js';

/** Every edge error has a stable code; what it means over HTTP and gRPC, and whether trying again can help, is decided here only. */
export const ERRORS = {
  'bad-input': { http: 400, grpc: status.INVALID_ARGUMENT, retry: false },
  'bad-config': { http: 500, grpc: status.FAILED_PRECONDITION, retry: false },
  unauthenticated: { http: 401, grpc: status.UNAUTHENTICATED, retry: false },
  forbidden: { http: 403, grpc: status.PERMISSION_DENIED, retry: false },
  'not-found': { http: 404, grpc: status.NOT_FOUND, retry: false },
  conflict: { http: 409, grpc: status.ABORTED, retry: true },
  refused: { http: 422, grpc: status.FAILED_PRECONDITION, retry: false },
  'too-many-requests': { http: 429, grpc: status.RESOURCE_EXHAUSTED, retry: true },
  unavailable: { http: 503, grpc: status.UNAVAILABLE, retry: true },
  'timed-out': { http: 504, grpc: status.DEADLINE_EXCEEDED, retry: true },
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** An expected failure at the edge of a process. Anything else that is thrown is a bug and stops the process. */
export class EdgeError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EdgeError';
    this.code = code;
  }

  get http(): number {
    return ERRORS[this.code].http;
  }

  get retry(): boolean {
    return ERRORS[this.code].retry;
  }

  /** What a gRPC handler hands to its callback or stream. */
  get asGrpc(): { readonly code: status; readonly details: string } {
    return { code: ERRORS[this.code].grpc, details: `${this.code}: ${this.message}` };
  }
}
