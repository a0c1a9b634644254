import { readFileSync } from 'node:fs';
import { type RequestListener, type Server, createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { type OutboundOptions, createOutbound } from '../../../../src/http/outbound/create-outbound';
import { failureOf, failureThrownBy } from '../../../support/classified-failure';
import { closeServer, listenOnLoopback } from '../../../support/loopback';

const pem = (name: string): string => readFileSync(join(__dirname, '../../../fixtures/tls', name), 'utf8');

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** @returns the `host:port` that the server listens on */
async function listening(server: Server): Promise<string> {
  const port = await listenOnLoopback(server);
  closers.push(() => closeServer(server));
  return `127.0.0.1:${port}`;
}

const serve = (listener: RequestListener): Promise<string> => listening(createServer(listener));
const outboundTo = (host: string, options: Partial<OutboundOptions> = {}) =>
  createOutbound({ allowedHosts: [host], allowPlainHttp: false, ...options });

describe('a request', () => {
  it('arrives with method, headers and body, and its answer comes back', async () => {
    const host = await serve((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.writeHead(201, { 'content-type': 'application/json', 'x-kind': request.headers['x-kind'] });
        response.end(JSON.stringify({ method: request.method, body: Buffer.concat(chunks).toString() }));
      });
    });
    const answer = await outboundTo(host).fetch(`http://${host}/x?y=1`, {
      method: 'POST',
      headers: { 'x-kind': 'test' },
      body: 'häuser',
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-kind')).toBe('test');
    expect(await answer.json()).toEqual({ method: 'POST', body: 'häuser' });
  });

  it('takes an answer without a body', async () => {
    const host = await serve((_request, response) => response.writeHead(204).end());
    const answer = await outboundTo(host).fetch(`http://${host}/`);
    expect([answer.status, await answer.text()]).toEqual([204, '']);
  });

  it('goes nowhere but to the allowed hosts', async () => {
    let reached = false;
    const host = await serve((_request, response) => {
      reached = true;
      response.end();
    });
    const outbound = outboundTo('git.example.com');
    expect(await failureOf(outbound.fetch(`http://${host}/`))).toMatchObject({ code: 'host-not-allowed' });
    expect(reached).toBe(false);
  });

  it('never has credentials in its URL', async () => {
    const failure = await failureOf(
      outboundTo('git.example.com').fetch('https://user:canary@git.example.com/'),
    );
    expect(failure.code).toBe('bad-credentials');
    expect(failure.message).not.toContain('canary');
  });
});

describe('an answer that goes wrong', () => {
  it('may be too large', async () => {
    const host = await serve((_request, response) => response.end('x'.repeat(2_000)));
    const failure = await failureOf(outboundTo(host, { maxResponseBytes: 1_000 }).fetch(`http://${host}/`));
    expect(failure.code).toBe('request-refused');
    expect(failure.message).toContain('1000 bytes');
  });

  it('may stop in the middle', async () => {
    const host = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
    });
    const failure = await failureOf(outboundTo(host, { timeoutMs: 200 }).fetch(`http://${host}/`));
    expect(failure).toMatchObject({ code: 'timed-out', retryable: true });
  });

  it('may end in the middle', async () => {
    const host = await serve((request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => request.socket.destroy());
    });
    expect(await failureOf(outboundTo(host).fetch(`http://${host}/`))).toMatchObject({ code: 'network' });
  });

  it('may not be HTTP', async () => {
    const server = createTcpServer((socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n'));
    const port = await listenOnLoopback(server);
    closers.push(async () => {
      server.close();
      return Promise.resolve();
    });
    const host = `127.0.0.1:${port}`;
    expect((await failureOf(outboundTo(host).fetch(`http://${host}/`))).message).toContain(
      'does not speak HTTP',
    );
  });

  it('may point elsewhere, which is not followed', async () => {
    const host = await serve((_request, response) =>
      response.writeHead(302, { location: '/same-host?token=canary' }).end(),
    );
    const failure = await failureOf(outboundTo(host).fetch(`http://${host}/`));
    expect(failure.code).toBe('request-refused');
    expect(failure.message).toContain(`http://${host}/same-host`);
    expect(failure.message).not.toContain('canary');
  });

  it('is not waited for once the caller gives up', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const host = await serve(() => {
      controller.abort(reason);
    });
    await expect(outboundTo(host).fetch(`http://${host}/`, { signal: controller.signal })).rejects.toBe(
      reason,
    );
  });
});

describe('TLS', () => {
  const secured = (options: object = {}): Promise<string> =>
    listening(
      createTlsServer(
        { cert: pem('server.pem'), key: pem('server-key.pem'), ...options },
        (_request, response) => response.end('secret'),
      ),
    );

  it('trusts an authority of the Secret', async () => {
    const host = await secured();
    const outbound = outboundTo(host, { tls: { ca: pem('authority.pem') } });
    expect(await (await outbound.fetch(`https://${host}/`)).text()).toBe('secret');
  });

  it('trusts nobody else, and says what to add', async () => {
    const host = await secured();
    const failure = await failureOf(outboundTo(host).fetch(`https://${host}/`));
    expect(failure.code).toBe('network');
    expect(failure.message).toContain('ca.crt');
  });

  it('shows the client certificate of the Secret', async () => {
    const host = await secured({ requestCert: true, rejectUnauthorized: true, ca: pem('authority.pem') });
    const client = { certificate: pem('client.pem'), key: pem('client-key.pem') };
    const outbound = outboundTo(host, { tls: { ca: pem('authority.pem'), client } });
    expect(await (await outbound.fetch(`https://${host}/`)).text()).toBe('secret');
  });

  it.each([
    ['ca.crt', { ca: 'not a certificate' }],
    ['ca.crt', { ca: '-----BEGIN CERTIFICATE-----\nbm90IG9uZQ==\n-----END CERTIFICATE-----' }],
    ['tls.key', { client: { certificate: 'canary', key: 'canary' } }],
  ])('names a %s that cannot be read', (field, tls) => {
    const failure = failureThrownBy(() => outboundTo('git.example.com', { tls }));
    expect(failure.code).toBe('bad-credentials');
    expect(failure.message).toContain(field);
    expect(failure.message).not.toContain('canary');
  });
});

describe('a proxy', () => {
  /** Tunnels everything to `target`, noting what it was asked for. */
  const startProxy = async (target: string, asked: string[]): Promise<string> => {
    const proxy = createServer();
    proxy.on('connect', (request, socket) => {
      asked.push(request.url ?? '');
      const [hostname, port] = target.split(':');
      const upstream = connect(Number(port), hostname, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
      closers.push(async () => {
        upstream.destroy();
        return Promise.resolve();
      });
    });
    return `http://${await listening(proxy)}`;
  };

  it('is used for hosts out there, and not for this machine', async () => {
    const target = await serve((_request, response) => response.end('reached'));
    const asked: string[] = [];
    const httpProxy = await startProxy(target, asked);
    const outbound = createOutbound({
      allowedHosts: ['git.example.test', target],
      allowPlainHttp: true,
      proxy: { httpProxy },
    });
    expect(await (await outbound.fetch('http://git.example.test/')).text()).toBe('reached');
    expect(await (await outbound.fetch(`http://${target}/`)).text()).toBe('reached');
    expect(asked).toEqual(['git.example.test:80']);
  });

  it('that refuses is named', async () => {
    const proxy = createServer();
    proxy.on('connect', (_request, socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'));
    const httpProxy = `http://user:canary@${await listening(proxy)}`;
    const outbound = outboundTo('git.example.test', { allowPlainHttp: true, proxy: { httpProxy } });
    const failure = await failureOf(outbound.fetch('http://git.example.test/'));
    expect(failure.message).toContain('proxy refused');
    expect(failure.message).not.toContain('canary');
  });
});
