import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { closeServer, listenOnLoopback } from './loopback';

/** An answer that the fake gives instead of its own. */
interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface FakeNotificationController {
  /** With a path, since the real one takes any. */
  readonly address: string;
  /** What was accepted, duplicates left out. */
  readonly events: readonly Record<string, unknown>[];
  /** How many requests came in, whatever became of them. */
  readonly requests: number;
  /** The next request gets this answer, unread. */
  answerNext(answer: Answer): void;
  close(): Promise<void>;
}

const group = 'pipelines.weave.works';
const maxBytes = 3 * 1024 * 1024;
const deduplicationMs = 5 * 60_000;

/** The fields that Flux's event has, in the order in which Flux writes them; `?`: may be missing. */
const eventFields = [
  'involvedObject',
  'severity',
  'timestamp',
  'message',
  'reason',
  'metadata',
  'reportingController',
  'reportingInstance?',
];
const objectFields = ['kind', 'namespace', 'name', 'uid?', 'apiVersion', 'resourceVersion?'];

/**
 * Flux's notification-controller as the receiver of events: 202 for each new one, 429 with a date for one that it had,
 * 400 and 413 as the real one. It is stricter than that: it refuses what the real one would silently drop.
 */
export async function startFakeNotificationController(): Promise<FakeNotificationController> {
  const events: Record<string, unknown>[] = [];
  const seen = new Set<string>();
  const answers: Answer[] = [];
  let requests = 0;

  const receive = async (request: IncomingMessage): Promise<Answer> => {
    const body = await bodyOf(request);
    const prepared = answers.shift();
    if (prepared !== undefined) return prepared;
    if (body.length > maxBytes) return { status: 413, body: 'http: request body too large' };
    const fault = requestFault(request);
    if (fault !== undefined) return { status: 400, body: fault };
    let event: unknown;
    try {
      event = JSON.parse(body.toString());
    } catch {
      return { status: 400, body: 'invalid JSON' };
    }
    if (!isRecord(event) || !isRecord(event['involvedObject'])) return { status: 400, body: 'no event' };
    const shape = eventFault(event, event['involvedObject']);
    if (shape !== undefined) return { status: 400, body: shape };
    const { name, namespace, kind } = event['involvedObject'];
    const key = JSON.stringify([name, namespace, kind, event['message']]);
    if (seen.has(key)) {
      const end = new Date(Date.now() + deduplicationMs).toUTCString();
      return { status: 429, headers: { 'retry-after': end }, body: 'Too Many Requests\n' };
    }
    seen.add(key);
    events.push(event);
    return { status: 202 };
  };

  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    requests += 1;
    receive(request).then(
      ({ status, headers = {}, body = '' }) => response.writeHead(status, headers).end(body),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  const port = await listenOnLoopback(server);
  return {
    address: `http://127.0.0.1:${port}/events`,
    events,
    get requests() {
      return requests;
    },
    answerNext: (answer) => void answers.push(answer),
    close: () => closeServer(server),
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function requestFault({ method, headers }: IncomingMessage): string | undefined {
  if (method !== 'POST') return `method ${String(method)}`;
  if (headers['content-type'] !== 'application/json')
    return `content type ${String(headers['content-type'])}`;
  return undefined;
}

function eventFault(
  event: Record<string, unknown>,
  involvedObject: Record<string, unknown>,
): string | undefined {
  const faults = [
    orderFault(event, eventFields),
    orderFault(involvedObject, objectFields),
    involvedObject['apiVersion'] === `${group}/v1alpha1` ? undefined : 'apiVersion of another object',
    event['severity'] === 'info' ? undefined : 'severity',
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(String(event['timestamp'])) ? undefined : 'timestamp',
    metadataFault(event['metadata']),
  ];
  return faults.find((fault) => fault !== undefined);
}

/** Why the fields are not these, in this order. */
function orderFault(object: Record<string, unknown>, fields: readonly string[]): string | undefined {
  const present = fields.filter((field) => !field.endsWith('?') || Object.hasOwn(object, field.slice(0, -1)));
  const expected = present.map((field) => field.replace('?', '')).join();
  const actual = Object.keys(object).join();
  return actual === expected ? undefined : `fields ${actual} instead of ${expected}`;
}

/** The real one drops keys without the group, so that no receiver ever sees them. */
function metadataFault(metadata: unknown): string | undefined {
  if (!isRecord(metadata)) return 'no metadata';
  const stray = Object.keys(metadata).find((key) => !key.startsWith(`${group}/`));
  if (stray !== undefined) return `metadata ${stray} would be lost`;
  return Object.values(metadata).every((value) => typeof value === 'string') ? undefined : 'metadata values';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
