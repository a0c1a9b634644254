import { connect } from 'node:net';
import { AccessUnavailable } from '../../../src/access/access';
import { problem } from '../../../src/operator/schemas/problem';
import {
  all,
  type RunningOperatorApi,
  startTestOperatorApi,
  tokenOf,
} from '../../support/operator-api-server';

let api: RunningOperatorApi;

beforeAll(async () => {
  api = await startTestOperatorApi();
});
afterAll(() => api.close());

async function problemOf(response: Response) {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const body = problem.parse(await response.json());
  expect(body.status).toBe(response.status);
  return body;
}

it.each([
  ['GET', '/nothing', 404, 'not-found'],
  ['GET', '/pipelines/', 404, 'not-found'],
  ['POST', '/pipelines', 405, 'method-not-allowed'],
  ['OPTIONS', '/pipelines', 405, 'method-not-allowed'],
  ['DELETE', '/openapi.json', 405, 'method-not-allowed'],
  ['GET', '/pipelines/%ff/x', 400, 'bad-request'],
  ['GET', '/pipelines?limit=0', 400, 'bad-request'],
  ['GET', '/pipelines?limit=1&limit=2', 400, 'bad-request'],
  ['GET', '/pipelines?unknown=1', 400, 'bad-request'],
  ['GET', '/pipelines?cursor=abc', 400, 'bad-request'],
  ['GET', '/pipelines/Upper/case', 400, 'bad-request'],
  ['GET', '/pipelines/pipelines/absent', 404, 'not-found'],
  ['GET', '/promotions/lane%2Fapps%2Fshop%2Fprod', 404, 'not-found'],
  ['GET', '/promotions?actor=ada', 400, 'bad-request'],
])('%s %s is %i %s', async (method, path, status, code) => {
  const response = await api.request(method, path, { token: all });
  expect(response.status).toBe(status);
  expect((await problemOf(response)).code).toBe(code);
});

it('a wrong method is told which ones there are', async () => {
  const response = await api.request('PUT', '/freezes', { token: all });
  expect(response.headers.get('allow')).toBe('GET, HEAD, POST');
});

it.each([
  ['not JSON', '{', 'application/json', 400, 'bad-request'],
  ['not UTF-8', '\u0000', 'application/json; charset=latin1', 415, 'unsupported-media-type'],
  ['a form', 'version=1', 'application/x-www-form-urlencoded', 415, 'unsupported-media-type'],
  ['an unknown field', '{"version":"1","by":"root"}', 'application/json', 400, 'bad-request'],
  ['a number for a version', '{"version":1}', 'application/json', 400, 'bad-request'],
  ['a version with a line break', '{"version":"1\\n2"}', 'application/json', 400, 'bad-request'],
  [
    'a body that is too large',
    JSON.stringify({ version: 'x'.repeat(70_000) }),
    'application/json',
    413,
    'too-large',
  ],
])('refuses %s', async (_what, body, type, status, code) => {
  const path = '/pipelines/pipelines/my-app/environments/prod/approve';
  const response = await api.request('POST', path, { token: all, body, headers: { 'Content-Type': type } });
  expect(response.status).toBe(status);
  expect((await problemOf(response)).code).toBe(code);
});

it('names an environment that does not exist, and one that nothing is promoted into', async () => {
  const approve = async (environment: string) => {
    const path = `/pipelines/pipelines/my-app/environments/${environment}/approve`;
    return problemOf(await api.request('POST', path, { token: all, body: { version: '1.0.0' } }));
  };
  expect(await approve('qa%2Feu')).toMatchObject({ status: 404, detail: expect.stringContaining('qa/eu') });
  expect(await approve('dev')).toMatchObject({
    status: 409,
    detail: expect.stringContaining('first environment'),
  });
});

it('every answer is for one caller alone, and for no page of a browser', async () => {
  for (const path of ['/me', '/openapi.json', '/nothing']) {
    const { headers } = await api.request('GET', path, { token: all });
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(headers.get('set-cookie')).toBeNull();
  }
});

it('the document needs no token, and describes the routes', async () => {
  const response = await api.request('GET', '/openapi.json');
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ openapi: '3.1.0' });
});

it('says who one is, and what one may do there', async () => {
  const response = await api.request('GET', '/me?namespace=apps', {
    token: tokenOf('ada', ['get', 'approve'], 'apps'),
  });
  expect(await response.json()).toMatchObject({ name: 'ada', via: 'token', allowed: ['get', 'approve'] });
  const everywhere = await api.request('GET', '/me', { token: tokenOf('ada', ['get'], 'apps') });
  expect(await everywhere.json()).toMatchObject({ allowed: [] });
});

it('logs and counts each request with who asked, and never a token', async () => {
  const token = tokenOf('grace', ['get'], 'secretnamespace');
  await api.request('GET', '/pipelines', { token });
  const line = api.log.find(({ who }) => who === 'grace');
  expect(line).toMatchObject({ route: 'listPipelines', status: 200, msg: 'api request' });
  expect(JSON.stringify(api.log)).not.toContain('secretnamespace');
  expect(await api.registry.metrics()).toMatch(
    /windlass_api_requests_total\{route="listPipelines",code="200"\} [1-9]/,
  );
});

it('a token that fails again and again locks out no other one of its address', async () => {
  const limited = await startTestOperatorApi({ failureLimit: { value: 2, intervalMs: 60_000 } });
  const status = async (token: string) => (await limited.request('GET', '/me', { token })).status;
  expect([await status('expired'), await status('expired'), await status('expired')]).toEqual([
    401, 401, 429,
  ]);
  expect([await status('other'), await status(all)]).toEqual([401, 200]);
  await limited.close();
});

it('limits the guesses of an address, and leaves those alone who had logged in', async () => {
  const limited = await startTestOperatorApi({ failureLimit: { value: 1, intervalMs: 60_000 } });
  const status = async (token: string) => (await limited.request('GET', '/me', { token })).status;
  expect(await status(all)).toBe(200);
  const guesses = await Promise.all(Array.from({ length: 30 }, (_, index) => status(`guess-${index}`)));
  expect(guesses.filter((each) => each === 401)).toHaveLength(10);
  expect(guesses.filter((each) => each === 429)).toHaveLength(20);
  expect([await status(all), await status(tokenOf('new', ['get']))]).toEqual([200, 429]);
  await limited.close();
});

it('a flood of guesses asks who has a token only so often', async () => {
  let asked = 0;
  const limited = await startTestOperatorApi({
    failureLimit: { value: 1, intervalMs: 60_000 },
    access: {
      authenticate: () => {
        asked += 1;
        return Promise.resolve({ known: false, fault: 'The token is not known.' });
      },
      allows: () => Promise.resolve(true),
    },
  });
  for (let round = 0; round < 3; round += 1) {
    const guesses = Array.from({ length: 20 }, (_, index) => `guess-${round}-${index}`);
    await Promise.all(guesses.map((token) => limited.request('GET', '/me', { token })));
  }
  expect(asked).toBe(10);
  await limited.close();
});

it('a token that was known and is no longer is a guess like any other', async () => {
  let isKnown = true;
  const limited = await startTestOperatorApi({
    failureLimit: { value: 1, intervalMs: 60_000 },
    access: {
      authenticate: () =>
        Promise.resolve(
          isKnown
            ? { known: true, caller: { name: 'ada', groups: [], via: 'token' } }
            : { known: false, fault: 'The token has expired.' },
        ),
      allows: () => Promise.resolve(true),
    },
  });
  const status = async () => (await limited.request('GET', '/me', { token: 'hers' })).status;
  expect(await status()).toBe(200);
  isKnown = false;
  expect([await status(), await status()]).toEqual([401, 429]);
  await limited.close();
});

it('a request without a token is no guess', async () => {
  const limited = await startTestOperatorApi({ failureLimit: { value: 1, intervalMs: 60_000 } });
  for (let times = 0; times < 3; times += 1) expect((await limited.request('GET', '/me')).status).toBe(401);
  expect((await limited.request('GET', '/me', { token: all })).status).toBe(200);
  await limited.close();
});

it('nothing is allowed while what decides does not answer, and the failure does not count as a guess', async () => {
  const away = await startTestOperatorApi({
    failureLimit: { value: 1, intervalMs: 60_000 },
    access: {
      authenticate: () => Promise.reject(new AccessUnavailable('The API server does not answer.')),
      allows: () => Promise.resolve(true),
    },
  });
  for (let times = 0; times < 2; times += 1) {
    const response = await away.request('GET', '/me', { token: all });
    expect(response.status).toBe(503);
    expect((await problemOf(response)).code).toBe('unavailable');
  }
  await away.close();
});

it('a body that ends too early is dropped', async () => {
  const { port } = new URL(api.url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(
    `POST /api/v1/freezes HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${all}\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{`,
  );
  socket.end();
  const answer = await new Promise<string>((resolve) => {
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString())).on('close', () => resolve(text));
  });
  expect(answer).not.toContain('200 OK');
});
