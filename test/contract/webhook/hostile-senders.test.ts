import { type Socket } from 'node:net';
import { fluxBody, sign } from '../../support/flux-request';
import { connectRaw, readToEnd } from '../../support/raw-http';
import { eventually } from '../../support/eventually';
import { type RunningWebhook, startWebhook, webhookKey } from '../../support/webhook';

let webhook: RunningWebhook;
let sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
  await webhook.close(0);
});

const head = (...headers: readonly string[]): string =>
  ['POST /promotion/pipelines/my-app/dev HTTP/1.1', 'Host: windlass', ...headers, '', ''].join('\r\n');

function send(bytes: string): { readonly socket: Socket; readonly answer: Promise<string> } {
  const socket = connectRaw(webhook.port);
  sockets.push(socket);
  socket.write(bytes);
  return { socket, answer: readToEnd(socket) };
}

const signedEvent = (body = fluxBody()) =>
  webhook.post({ body, signature: sign(webhookKey, body), headers: { Connection: 'close' } });
const handled = (): Promise<boolean> => eventually(() => webhook.log.length > 0);

describe('failures that come all at once', () => {
  it('are answered as often as the limit allows, and no more', async () => {
    webhook = await startWebhook({ limit: { value: 20, intervalMs: 3_600_000 } });
    const unsigned = head('Connection: close', 'Content-Length: 2');
    const senders = Array.from({ length: 100 }, () => send(`${unsigned}{`));
    await Promise.all(senders.map(({ socket }) => eventually(() => socket.bytesWritten > unsigned.length)));
    for (const { socket } of senders) socket.write('}');
    const answers = await Promise.all(senders.map(({ answer }) => answer));
    const withStatus = (status: number) =>
      answers.filter((answer) => answer.startsWith(`HTTP/1.1 ${status} `));
    expect([withStatus(401).length, withStatus(429).length]).toEqual([20, 80]);
  });
});

describe('large bodies that are held back', () => {
  const length = 256 * 1024;
  const held = (client: number): string =>
    `${head(`X-Forwarded-For: 192.0.2.${client}`, `Content-Length: ${length}`)}${'x'.repeat(length - 1)}`;

  it('are refused beyond the budget, where one client has it all', async () => {
    webhook = await startWebhook({ trustedProxies: ['127.0.0.1'] });
    const senders = Array.from({ length: 40 }, () => send(held(1)));
    await handled();
    expect(await Promise.any(senders.map(({ answer }) => answer))).toMatch(/^(HTTP\/1\.1 503 .*)?$/s);
    expect(webhook.log[0]).toMatchObject({ level: 20, outcome: 'too-busy', status: 503 });
    // A small event needs no budget.
    expect((await signedEvent()).status).toBe(202);
  });

  it('make room for the large event of another client', async () => {
    webhook = await startWebhook({ trustedProxies: ['127.0.0.1'] });
    for (let count = 0; count < 40; count += 1) send(held(1));
    await handled();
    const body = fluxBody().padEnd(length, ' ');
    const response = await webhook.post({
      body,
      signature: sign(webhookKey, body),
      headers: { 'X-Forwarded-For': '192.0.2.2' },
    });
    expect(response.status).toBe(202);
  });
});

describe('connections that wait for their sender', () => {
  it('are closed beyond 500, the oldest first, and count as no failure', async () => {
    webhook = await startWebhook({ limit: { value: 1, intervalMs: 3_600_000 } });
    const first = send(head('Content-Length: 10'));
    for (let count = 0; count < 500; count += 1) send(head('Content-Length: 10'));
    expect(await first.answer).toBe('');
    expect((await signedEvent()).status).toBe(202);
  });
});
