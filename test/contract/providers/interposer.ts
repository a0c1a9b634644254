import { type IncomingMessage, type ServerResponse, createServer, request as forward } from 'node:http';
import { closeServer, listenOnLoopback } from '../../support/loopback';

/** What happens to one request on its way to the service, or to its answer on the way back. */
export type Mishap =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** The service does what it is asked; the connection breaks before its answer arrives. */
  | { readonly kind: 'lose-answer' }
  /** No answer, ever. */
  | { readonly kind: 'silence' };

/** A stretch of network in front of a service, on which things go wrong when told to. */
export interface Interposer {
  readonly port: number;
  /** `METHOD /path?query` of each request so far. */
  readonly seen: readonly string[];
  /** Meets the next request with this method; what nothing was planned for passes. */
  next(method: string, mishap: Mishap): void;
  close(): Promise<void>;
}

export async function startInterposer(upstream: string): Promise<Interposer> {
  const planned: { readonly method: string; readonly mishap: Mishap }[] = [];
  const seen: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const method = incoming.method ?? '';
    seen.push(`${method} ${incoming.url ?? ''}`);
    const index = planned.findIndex((each) => each.method === method);
    const [plan] = index < 0 ? [] : planned.splice(index, 1);
    meet(plan?.mishap, upstream, incoming, outgoing);
  });
  const port = await listenOnLoopback(server);
  return {
    port,
    seen,
    next: (method, mishap) => {
      planned.push({ method, mishap });
    },
    close: () => closeServer(server),
  };
}

function meet(
  mishap: Mishap | undefined,
  upstream: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): void {
  if (mishap?.kind === 'silence') return;
  if (mishap?.kind === 'answer') {
    outgoing.writeHead(mishap.status, { 'content-type': 'application/json', ...mishap.headers });
    outgoing.end(mishap.body ?? '{}');
    return;
  }
  const headers = { ...incoming.headers, host: new URL(upstream).host };
  const passed = forward(
    new URL(incoming.url ?? '/', upstream),
    { method: incoming.method ?? 'GET', headers, agent: false },
    (answer) => {
      if (mishap?.kind === 'lose-answer') {
        answer.resume().once('end', () => incoming.socket.destroy());
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    },
  );
  incoming.pipe(passed);
}
