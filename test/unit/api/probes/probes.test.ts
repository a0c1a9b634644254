import { type Listening } from '../../../../src/http/serving/http-listener';
import { type ReadinessChecks, startProbes } from '../../../../src/api/probes/probes';

let probes: Listening;
afterEach(() => probes.close(0));

async function ask(path: string, checks: ReadinessChecks = {}, method = 'GET') {
  probes = await startProbes({ host: '127.0.0.1', port: 0 }, checks);
  const response = await fetch(`http://127.0.0.1:${probes.port}${path}`, { method });
  return { status: response.status, text: await response.text(), allow: response.headers.get('allow') };
}

describe('/healthz', () => {
  it('says that the process answers, ready or not', async () => {
    expect(await ask('/healthz', { temporal: () => false })).toMatchObject({ status: 200, text: 'ok\n' });
  });
});

describe('/readyz', () => {
  it('holds when all checks hold', async () => {
    const checks = { temporal: () => Promise.resolve(true), store: () => true };
    expect(await ask('/readyz?verbose', checks)).toMatchObject({ status: 200, text: 'ok\n' });
  });

  it('names all that do not: false, failed or hanging', async () => {
    const { status, text } = await ask('/readyz', {
      temporal: () => Promise.reject(new Error('a secret reason')),
      store: () => false,
      disk: () => true,
      dns: () => new Promise(() => undefined),
    });
    expect(status).toBe(503);
    expect(JSON.parse(text)).toEqual({
      title: 'Service Unavailable',
      status: 503,
      detail: 'not ready: temporal, store, dns.',
    });
  });
});

describe('anything else on the probes', () => {
  it('is not there', async () => {
    expect(await ask('/promotion/a/b/c', {}, 'POST')).toMatchObject({ status: 404 });
  });

  it('takes no other method', async () => {
    expect(await ask('/readyz', {}, 'POST')).toMatchObject({ status: 405, allow: 'GET, HEAD' });
  });
});
