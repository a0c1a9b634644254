import { createServer, type IncomingMessage, request as forward, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { type ApiDescription, describedApi, type DescribedRequest } from '../described-api';
import { closeServer, listenOnLoopback } from '../loopback';
import description from './description.json';

/** Of an Enterprise Server, as the demo's forge is one. GraphQL and Git are beside it. */
const basePath = '/api/v3';
const api = describedApi(description as unknown as ApiDescription);

export interface DescribedGithub {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** @throws Error if a request, or the answer to one, was not as GitHub describes it */
  close(): Promise<void>;
}

/**
 * A stage before the demo's forge that holds all requests for pull requests, and the answers to those that succeed, against
 * the description that GitHub publishes.
 */
export async function heldAgainstDescription(forgeUrl: string): Promise<DescribedGithub> {
  const faults: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const { method = 'GET', url = '/' } = incoming;
    const pass = async (): Promise<void> => {
      const sent = await text(incoming);
      const asked = url.startsWith(`${basePath}/`)
        ? { method, url: url.slice(basePath.length), body: sent === '' ? undefined : json(sent) }
        : undefined;
      const found = await answerOf(forgeUrl, incoming, sent);
      const received = await text(found);
      const fault = asked === undefined ? undefined : faultOf(asked, found.statusCode ?? 0, received);
      if (fault !== undefined) faults.push(`${method} ${url}: ${fault}`);
      send(outgoing, found, received);
    };
    pass().catch(() => incoming.socket.destroy());
  });
  const port = await listenOnLoopback(server);
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      await closeServer(server);
      if (faults.length > 0) throw new Error(`GitHub does not describe:\n${faults.join('\n')}`);
    },
  };
}

function faultOf(asked: DescribedRequest, status: number, received: string): string | undefined {
  const fault = api.requestFault(asked);
  // What it refuses, GitHub answers in one way everywhere.
  if (fault !== undefined || status < 200 || status > 299)
    return fault === undefined ? undefined : `the request: ${fault}`;
  const wrong = api.answerFault(asked, status, received === '' ? undefined : json(received));
  return wrong === undefined ? undefined : `the answer: ${wrong}`;
}

function json(written: string): unknown {
  return JSON.parse(written) as unknown;
}

async function answerOf(
  forgeUrl: string,
  { method, url, headers }: IncomingMessage,
  body: string,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = { ...headers, host: new URL(forgeUrl).host };
    const onward = forward(
      new URL(url ?? '/', forgeUrl),
      { method: method ?? 'GET', headers: sent, agent: false },
      resolve,
    );
    onward.on('error', reject);
    onward.end(body);
  });
}

function send(outgoing: ServerResponse, { statusCode, headers }: IncomingMessage, body: string): void {
  // It may have come in chunks, and goes on as one.
  const { 'transfer-encoding': _chunks, ...others } = headers;
  outgoing.writeHead(statusCode ?? 502, others);
  outgoing.end(body);
}
