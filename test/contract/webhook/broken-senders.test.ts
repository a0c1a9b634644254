import { once } from 'node:events';
import { connectRaw, readToEnd, sendRaw } from '../../support/raw-http';
import { fluxBody, sign } from '../../support/flux-request';
import { type RunningWebhook, startWebhook, webhookKey } from '../../support/webhook';

const maxBodyBytes = 2_000;
let webhook: RunningWebhook;
beforeEach(async () => {
  webhook = await startWebhook({ maxBodyBytes });
});
afterEach(() => webhook.close(0));

const path = '/promotion/pipelines/my-app/dev';
const head = (...headers: readonly string[]): string =>
  [`POST ${path} HTTP/1.1`, 'Host: windlass', ...headers, '', ''].join('\r\n');
const signature = (body: string): string => `X-Signature: ${sign(webhookKey, body)}`;
const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const padded = (length: number): string => fluxBody().padEnd(length, ' ');

describe('a body', () => {
  it('may come in chunks', async () => {
    const body = fluxBody();
    const chunks = chunk(body.slice(0, 100)) + chunk(body.slice(100)) + '0\r\n\r\n';
    const request = head(signature(body), 'Transfer-Encoding: chunked', 'Connection: close') + chunks;
    expect(await sendRaw(webhook.port, request)).toMatch(/^HTTP\/1\.1 202 /);
  });

  it('may have as many bytes as the limit', async () => {
    const body = padded(maxBodyBytes);
    expect((await webhook.post({ body, signature: sign(webhookKey, body) })).status).toBe(202);
  });

  it('must not have one more, signed or not', async () => {
    const body = padded(maxBodyBytes + 1);
    const response = await webhook.post({ body, signature: sign(webhookKey, body) });
    expect(response.status).toBe(413);
    expect(await response.json()).toEqual({
      title: expect.any(String),
      status: 413,
      detail: 'the body is larger than 2000 bytes.',
    });
  });

  it('that will be too large is refused by its announcement', async () => {
    expect(await sendRaw(webhook.port, head('Content-Length: 2001'))).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('that never ends is refused once it is too large, and cut', async () => {
    const socket = connectRaw(webhook.port);
    const answer = readToEnd(socket);
    const more = (): void => {
      if (!socket.destroyed) socket.write(chunk('x'.repeat(500)), () => setImmediate(more));
    };
    socket.write(head('Transfer-Encoding: chunked'), more);
    expect(await answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('must not be compressed', async () => {
    const response = await webhook.post({ body: fluxBody(), headers: { 'Content-Encoding': 'gzip' } });
    expect(response.status).toBe(415);
    expect(response.headers.get('accept-encoding')).toBe('identity');
  });

  it('that ends too early is nothing', async () => {
    const socket = connectRaw(webhook.port);
    const answer = readToEnd(socket);
    socket.end(head(signature(fluxBody()), `Content-Length: ${fluxBody().length}`) + fluxBody().slice(0, 50));
    expect(await answer).not.toContain(' 202 ');
    expect(webhook.lanes.reported).toEqual([]);
  });
});

describe('what is no HTTP', () => {
  it.each([
    ['garbage', 'hello?\r\n\r\n', 400],
    ['a TLS greeting', Buffer.from('16030100f0010000ec0303', 'hex'), 400],
    ['two lengths', head('Content-Length: 5', 'Content-Length: 6'), 400],
    ['a length and chunks', head('Content-Length: 5', 'Transfer-Encoding: chunked'), 400],
    ['a chunk without size', `${head('Transfer-Encoding: chunked')}zz\r\n`, 400],
    ['endless headers', head(`X-Padding: ${'x'.repeat(20_000)}`), 431],
  ])('%s is answered and cut', async (_name, bytes, status) => {
    const answer = await sendRaw(webhook.port, bytes);
    expect(answer).toContain(`HTTP/1.1 ${status} `);
    expect(answer).toContain('Content-Type: application/problem+json');
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({ status });
  });

  it('cannot hold the connection open', async () => {
    const socket = connectRaw(webhook.port, true);
    socket.write('hello?\r\n\r\n');
    await once(socket.resume(), 'end');
    // Resolves only once the server has no connection left.
    await webhook.close(3_600_000);
    socket.destroy();
    expect(webhook.lanes.reported).toEqual([]);
  });

  it('does not keep others waiting', async () => {
    const senders = Array.from({ length: 50 }, () => connectRaw(webhook.port));
    const ends = senders.map(readToEnd);
    for (const sender of senders) sender.write(head('Content-Length: 100'));
    const body = fluxBody();
    expect((await webhook.post({ body, signature: sign(webhookKey, body) })).status).toBe(202);
    for (const sender of senders) sender.destroy();
    await Promise.all(ends);
  });
});

describe('one connection', () => {
  it('serves one request after the other', async () => {
    const body = fluxBody();
    const length = `Content-Length: ${body.length}`;
    const first = head(signature(body), length) + body;
    const last = head(signature(body), length, 'Connection: close') + body;
    expect((await sendRaw(webhook.port, first + last)).match(/HTTP\/1\.1 202 /g)).toHaveLength(2);
  });
});

describe('two signatures', () => {
  it('are none', async () => {
    const body = fluxBody();
    const request = head(
      signature(body),
      signature(body),
      `Content-Length: ${body.length}`,
      'Connection: close',
    );
    expect(await sendRaw(webhook.port, request + body)).toMatch(/^HTTP\/1\.1 401 /);
  });
});
