import { type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';

export type RequestKind = 'api' | 'git' | 'page';

/** One received request; never contains the Authorization header. */
export interface RecordedRequest {
  readonly kind: RequestKind;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** Of an API call that carries JSON. */
  body?: unknown;
}

/** A fault for the next requests of a kind. */
export interface Fault {
  /** `reset` closes the connection without an answer; absent: only the delay. */
  readonly answer?: number | 'reset';
  readonly headers?: OutgoingHttpHeaders;
  /** The API's `message`. */
  readonly message?: string;
  readonly delayMs?: number;
  /** The request waits for this promise. */
  readonly until?: Promise<unknown>;
  /** The number of requests; default 1. */
  readonly times?: number;
  /** Only requests with this method. */
  readonly method?: string;
  /** Only requests whose path, query included, matches. */
  readonly path?: RegExp;
}

interface PlannedFault extends Fault {
  readonly kind: RequestKind;
  left: number;
}

/** The faults that tests planned, used in order. */
export class FaultPlan {
  private readonly planned: PlannedFault[] = [];

  add(kind: RequestKind, fault: Fault): void {
    this.planned.push({ ...fault, kind, left: fault.times ?? 1 });
  }

  /** The fault for this request, if any; it counts as used. */
  take({ kind, method, path }: RecordedRequest): Fault | undefined {
    const fault = this.planned.find(
      (candidate) =>
        candidate.left > 0 &&
        candidate.kind === kind &&
        (candidate.method === undefined || candidate.method === method) &&
        (candidate.path === undefined || candidate.path.test(path)),
    );
    if (fault !== undefined) fault.left -= 1;
    return fault;
  }
}

/** Loopback names with the forge's own port: rejects DNS rebinding, a page of another site whose name points here. */
export function isOwnHost(headers: IncomingHttpHeaders, port: number): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].some((name) => headers.host === `${name}:${port}`);
}
