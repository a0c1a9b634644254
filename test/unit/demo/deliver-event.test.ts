import { type IncomingHttpHeaders, type RequestListener, type Server, createServer } from 'node:http';
import { type Delivery, deliverEvent } from '../../../demo/cluster/deliver-event';
import { closeServer, listenOnLoopback } from '../../support/loopback';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let server: Server;
let url: string;
let received: Received[];
/** The answers to give, in order; the last one for ever. */
let answers: { status: number; headers?: Record<string, string> }[];

const respond: RequestListener = (request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    const answer = answers[Math.min(received.length, answers.length - 1)]!;
    received.push({ headers: request.headers, body });
    response.writeHead(answer.status, answer.headers).end('the answer');
  });
};

beforeEach(async () => {
  received = [];
  server = createServer(respond);
  url = `http://127.0.0.1:${await listenOnLoopback(server)}/promotion/a/b/c`;
});

afterEach(() => closeServer(server));

/** Delivers on a clock that moves only by the waits, up to notification-controller's 15 seconds. */
async function deliver(target = url): Promise<{ delivery: Delivery; attemptsAt: number[] }> {
  let now = 0;
  const attemptsAt = [0];
  const delivery = await deliverEvent(target, { 'X-Signature': 'sha256=00' }, 'the body', {
    wait: (milliseconds) => {
      now += milliseconds;
      if (now >= 15_000) return Promise.reject(new Error('the context has ended'));
      attemptsAt.push(now / 1_000);
      return Promise.resolve();
    },
  });
  return { delivery, attemptsAt };
}

describe('the demo cluster delivers an event as Flux does', () => {
  it.each([200, 201, 202, 204])('is content with %d', async (status) => {
    answers = [{ status }];
    const { delivery, attemptsAt } = await deliver();
    expect(delivery).toMatchObject({ delivered: true, status });
    expect(attemptsAt).toEqual([0]);
  });

  it.each([301, 400, 401, 404, 422, 501])('drops it at once on %d', async (status) => {
    answers = [{ status, headers: { location: '/elsewhere' } }];
    const { delivery, attemptsAt } = await deliver();
    expect(delivery).toEqual({ delivered: false, reason: `${status} the answer` });
    expect(attemptsAt).toEqual([0]);
  });

  it.each([429, 500, 502, 503])('tries again on %d at 2, 6 and 14 seconds', async (status) => {
    answers = [{ status }];
    const { delivery, attemptsAt } = await deliver();
    expect(delivery).toMatchObject({ delivered: false });
    expect(attemptsAt).toEqual([0, 2, 6, 14]);
    expect(received).toHaveLength(4);
  });

  it.each([429, 503])('obeys Retry-After on %d, five attempts in all', async (status) => {
    answers = [{ status, headers: { 'retry-after': '1' } }];
    expect((await deliver()).attemptsAt).toEqual([0, 1, 2, 3, 4]);
  });

  it('does not obey Retry-After on 500', async () => {
    answers = [{ status: 500, headers: { 'retry-after': '1' } }];
    expect((await deliver()).attemptsAt).toEqual([0, 2, 6, 14]);
  });

  it('tries again when nobody listens', async () => {
    const { delivery, attemptsAt } = await deliver('http://127.0.0.1:1/promotion/a/b/c');
    expect(delivery).toMatchObject({ delivered: false, reason: expect.stringContaining('ECONNREFUSED') });
    expect(attemptsAt).toEqual([0, 2, 6, 14]);
  });

  it('sends the same bytes and signature each time', async () => {
    answers = [{ status: 503 }, { status: 503 }, { status: 202 }];
    expect((await deliver()).delivery).toMatchObject({ delivered: true, status: 202 });
    expect(received.map(({ body, headers }) => [body, headers['x-signature']])).toEqual(
      Array(3).fill(['the body', 'sha256=00']),
    );
  });
});
