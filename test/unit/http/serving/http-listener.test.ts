import { createServer } from 'node:net';
import { type Listening, listen } from '../../../../src/http/serving/http-listener';
import { readBody } from '../../../../src/api/webhook/request-body';
import { FairShare } from '../../../../src/domain/fair-share';
import { createGate } from '../../../support/gate';
import { connectRaw, readToEnd, sendRaw } from '../../../support/raw-http';
import { listenOnLoopback } from '../../../support/loopback';

const loopback = { host: '127.0.0.1', port: 0 };
const impatient = { headersMs: 50, requestMs: 100, checkMs: 20 };

describe('a slow sender', () => {
  let listening: Listening;
  let read: Promise<unknown> | undefined;
  beforeEach(async () => {
    listening = await listen(
      (request) => {
        read = readBody(request, { maxBytes: 1_000, budget: new FairShare(1_000), client: 'a' });
      },
      loopback,
      impatient,
    );
  });
  afterEach(() => listening.close(0));

  it.each(['POST / HT', 'POST / HTTP/1.1\r\nHost: x\r\n'])(
    'of headers is told so, and cut: %j',
    async (bytes) => {
      expect(await sendRaw(listening.port, bytes)).toMatch(
        /^HTTP\/1\.1 408 Request Timeout\r\n.*"status":408/s,
      );
    },
  );

  it('of a body is told so, and cut, and what it sent is dropped', async () => {
    const bytes = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf';
    expect(await sendRaw(listening.port, bytes)).toMatch(
      /^HTTP\/1\.1 408 Request Timeout\r\n.*"status":408/s,
    );
    expect(await read).toEqual({ kind: 'aborted' });
  });
});

it('every answer forbids a browser to guess its type, also to what never became a request', async () => {
  const listening = await listen((_request, response) => response.end('done'), loopback);
  for (const bytes of ['GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 'nonsense\r\n\r\n']) {
    expect(await sendRaw(listening.port, bytes)).toMatch(/\r\nX-Content-Type-Options: nosniff\r\n/);
  }
  await listening.close(0);
});

describe('closing', () => {
  it('lets a request in hand finish, and takes no other', async () => {
    const finish = createGate();
    const taken = createGate();
    const listening = await listen((_request, response) => {
      taken.open();
      void finish.opened.then(() => response.end('done'));
    }, loopback);
    const answer = sendRaw(listening.port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await taken.opened;
    const closed = listening.close(60_000);
    expect(await readToEnd(connectRaw(listening.port))).toBe('');
    finish.open();
    expect(await answer).toContain('done');
    await closed;
  });

  it('cuts what does not finish', async () => {
    const taken = createGate();
    const listening = await listen(() => taken.open(), loopback);
    const answer = sendRaw(listening.port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await taken.opened;
    await listening.close(0);
    expect(await answer).toBe('');
  });
});

describe('an address', () => {
  it('that is taken is named, with what to do', async () => {
    const taken = createServer();
    const port = await listenOnLoopback(taken);
    await expect(listen(() => undefined, { host: '127.0.0.1', port })).rejects.toThrow(
      `Cannot listen on 127.0.0.1:${port}: another process uses that port. Stop it, or set another address.`,
    );
    await new Promise((resolve) => taken.close(resolve));
  });

  it("that is not this machine's is named, with what to do", async () => {
    await expect(listen(() => undefined, { host: '192.0.2.1', port: 0 })).rejects.toThrow(
      'Cannot listen on 192.0.2.1:0: this machine does not have that address. Set one of its own, or none.',
    );
  });

  it('without a host is every interface', async () => {
    const listening = await listen((_request, response) => response.end('here'), { port: 0 });
    const response = await fetch(`http://127.0.0.1:${listening.port}/`);
    expect(await response.text()).toBe('here');
    await listening.close(0);
  });
});
