import { type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';

export type RequestKind = 'api' | 'git' | 'page';

/** One request that the forge got; never holds the Authorization header. */
export interface RecordedRequest {
  readonly kind: RequestKind;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** Of an API call that carries JSON. */
  body?: unknown;
}

/** What goes wrong with the next requests of a kind. */
export interface Fault {
  /** `reset` closes the connection without an answer; absent: only the delay. */
  readonly answer?: number | 'reset';
  readonly headers?: OutgoingHttpHeaders;
  /** The API's `message`. */
  readonly message?: string;
  readonly delayMs?: number;
  /** The request waits for this, as long as it takes. */
  readonly until?: Promise<unknown>;
  /** How many requests; 1 unless told. */
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

/** The faults that tests asked for, used up in the order in which they were planned. */
export class FaultPlan {
  private readonly planned: PlannedFault[] = [];

  add(kind: RequestKind, fault: Fault): void {
    this.planned.push({ ...fault, kind, left: fault.times ?? 1 });
  }

  /** The fault that meets this request, if any; it counts as used. */
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

/** Loopback names with the forge's own port: a page of another site that had its name point here is refused. */
export function isOwnHost(headers: IncomingHttpHeaders, port: number): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].some((name) => headers.host === `${name}:${port}`);
}
