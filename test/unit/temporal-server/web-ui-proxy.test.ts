import { once } from 'node:events';
import { type IncomingMessage, type RequestListener, type Server, createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Listening } from '../../../src/http/serving/http-listener';
import { openWebUiProxy } from '../../../src/temporal-server/web-ui-proxy';

let webUi: Server;
let received: string[];
let respond: RequestListener;
let proxy: Listening;

const echo = async (request: IncomingMessage): Promise<string> =>
  [request.method, request.url, request.headers.host, await text(request)].join(' ');

beforeEach(async () => {
  received = [];
  respond = (request, response) => {
    void echo(request).then((line) => {
      received.push(line);
      response.writeHead(201, { 'Set-Cookie': ['_csrf=1', 'b=2'] }).end('answered');
    });
  };
  webUi = createServer((request, response) => respond(request, response)).listen(0, '127.0.0.1');
  await once(webUi, 'listening');
  proxy = await openWebUiProxy(0, { host: '127.0.0.1', port: (webUi.address() as AddressInfo).port });
});

afterEach(async () => {
  await proxy.close(0);
  webUi.closeAllConnections();
  webUi.close();
});

const url = (path: string): string => `http://127.0.0.1:${proxy.port}${path}`;

it('forwards requests and answers as they are', async () => {
  const response = await fetch(url('/api/v1/a%2Fb?query=%20'), { method: 'POST', body: 'body' });
  expect(received).toEqual([`POST /api/v1/a%2Fb?query=%20 127.0.0.1:${proxy.port} body`]);
  expect(response.status).toBe(201);
  expect(response.headers.getSetCookie()).toEqual(['_csrf=1', 'b=2']);
  expect(await response.text()).toBe('answered');
});

it('keeps what a page of another origin sends from the Web UI', async () => {
  const response = await fetch(url('/'), { method: 'POST', headers: { Origin: 'http://evil.example.com' } });
  expect(response.status).toBe(403);
  expect(await response.json()).toMatchObject({ detail: expect.stringContaining('other origins') });
  expect(received).toEqual([]);
});

it('answers 503 while the Web UI is not there, and forwards again afterwards', async () => {
  const { port } = webUi.address() as AddressInfo;
  webUi.closeAllConnections();
  await new Promise((resolve) => webUi.close(resolve));
  const away = await fetch(url('/'));
  expect(away.status).toBe(503);
  expect(await away.json()).toMatchObject({ detail: expect.stringContaining('Try again in a few seconds') });
  webUi.listen(port, '127.0.0.1');
  await once(webUi, 'listening');
  expect((await fetch(url('/'))).status).toBe(201);
});

it('cuts an answer that the Web UI cut, so that it is not taken for whole', async () => {
  respond = (_request, response) => {
    response.writeHead(200, { 'Content-Length': '100' });
    response.write('half', () => response.destroy());
  };
  await expect(fetch(url('/')).then((response) => response.text())).rejects.toThrow(
    /terminated|fetch failed/,
  );
});

it('closes at once, although a page waits for an answer', async () => {
  const waiting = new Promise<void>((resolve) => (respond = () => resolve()));
  const end = fetch(url('/')).then(
    () => 'answered',
    () => 'cut',
  );
  await waiting;
  await proxy.close(0);
  expect(await end).toBe('cut');
});
