import { type ServerResponse } from 'node:http';
import { pino } from 'pino';
import { type Caller } from '../../../src/access/access';
import { accessReviewAuthorizer } from '../../../src/access/kubernetes/access-review-authorizer';
import { tokenReviewAuthenticator } from '../../../src/access/kubernetes/token-review-authenticator';
import { type ScriptedApiServer, startScriptedApiServer } from '../../support/scripted-api-server';

let server: ScriptedApiServer | undefined;
let now: number;
let logged: string[];
beforeEach(() => {
  now = 1_000_000;
  logged = [];
});
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const json = (answer: ServerResponse, status: number, value: unknown) =>
  answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
const tokenIsOf =
  (user: unknown, more = {}) =>
  (answer: ServerResponse) =>
    json(answer, 201, { kind: 'TokenReview', status: { authenticated: true, user, ...more } });
const refuse = (status: number, message: string) => (answer: ServerResponse) =>
  json(answer, status, { kind: 'Status', code: status, message });

async function start(answer: (answer: ServerResponse) => unknown) {
  const started = await startScriptedApiServer((_request, response) => void answer(response));
  server = started;
  return {
    asked: () => started.requests.length,
    kubeConfig: started.kubeConfig,
    log: pino(
      { level: 'trace' },
      { write: (line) => void logged.push((JSON.parse(line) as { msg: string }).msg) },
    ),
    now: () => now,
  };
}

const token = 'a-token-of-kubernetes';

describe('who has a token', () => {
  const open = async (answer: (answer: ServerResponse) => unknown, audiences: readonly string[] = []) => {
    const { asked, ...options } = await start(answer);
    return { asked, ...tokenReviewAuthenticator({ ...options, audiences }) };
  };

  it('is what the API server says, with uid and extra', async () => {
    const extra = { 'authentication.kubernetes.io/pod-name': ['ci-0'] };
    const access = await open(tokenIsOf({ username: 'alice', uid: '1', groups: ['dev'], extra }));
    expect(await access.authenticate(token)).toEqual({
      known: true,
      caller: { name: 'alice', uid: '1', groups: ['dev'], extra, via: 'kubernetes' },
    });
  });

  it.each([
    ['a token that it does not know', (answer: ServerResponse) => json(answer, 201, { status: {} })],
    ['a token without a user', tokenIsOf({})],
    ['a user without a name', tokenIsOf({ username: '' })],
  ])('is no one for %s', async (_what, answer) => {
    const access = await open(answer);
    expect(await access.authenticate(token)).toBeUndefined();
  });

  it.each([
    [['windlass'], true],
    [['other', 'windlass'], true],
    [['other'], undefined],
    [[], undefined],
    [undefined, undefined],
  ])('with audiences, is known for a token for %j: %j', async (audiences, known) => {
    const access = await open(tokenIsOf({ username: 'alice' }, { audiences }), ['windlass']);
    expect((await access.authenticate(token))?.known).toBe(known);
  });

  it.each([
    ['the name of a static token', { username: 'token:ci' }],
    ['the group of a static token', { username: 'ci', groups: ['token:release'] }],
    ['an invisible character', { username: 'al\u200bice' }],
  ])('is refused with %s', async (_what, user) => {
    const access = await open(tokenIsOf(user));
    expect(await access.authenticate(token)).toMatchObject({ known: false });
  });

  it.each([
    ['good', tokenIsOf({ username: 'alice' })],
    ['bad', (answer: ServerResponse) => json(answer, 201, { status: {} })],
  ])('is asked for again after ten seconds: %s tokens', async (_what, answer) => {
    const access = await open(answer);
    await Promise.all([access.authenticate(token), access.authenticate(token)]);
    now += 10_000;
    await access.authenticate(token);
    expect(access.asked()).toBe(1);
    await access.authenticate(`${token}-of-another`);
    now += 1;
    await access.authenticate(token);
    expect(access.asked()).toBe(3);
  });

  it.each([
    ['is overloaded', refuse(429, 'too many requests'), 'it answers 429'],
    ['has an error', refuse(500, 'etcd is away'), 'it answers 500'],
    [
      'does not let Windlass ask',
      refuse(403, 'forbidden'),
      "Grant Windlass's ServiceAccount the permission to create tokenreviews.authentication.k8s.io",
    ],
    ['knows Windlass itself no more', refuse(401, 'Unauthorized'), 'it answers 401'],
    [
      'answers something else',
      (answer: ServerResponse) => json(answer, 201, { status: 7 }),
      'not a TokenReview',
    ],
    ['answers no JSON', (answer: ServerResponse) => answer.writeHead(201).end('<html>'), 'not JSON'],
    ['breaks off', (answer: ServerResponse) => answer.destroy(), 'ECONNRESET'],
  ])('is unknown while the API server %s, and the log says why, once', async (_what, answer, reason) => {
    const access = await open(answer);
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await expect(access.authenticate(token)).rejects.toMatchObject({
        name: 'AccessUnavailable',
        message:
          'The Kubernetes API server cannot check tokens now. Repeat the request; the log of Windlass says why.',
      });
    }
    expect(access.asked()).toBe(2);
    expect(logged).toEqual([expect.stringContaining(reason)]);
    expect(logged.join()).not.toContain(token);
  });
});

describe('what a caller may do', () => {
  const alice: Caller = { name: 'oidc:alice', groups: ['oidc:release'], via: 'oidc' };
  const allowed = (is: boolean) => (answer: ServerResponse) => json(answer, 201, { status: { allowed: is } });

  it.each([
    ['allowed', true, 10_000],
    ['refused', false, 5_000],
  ])('is asked for again some time after it was %s', async (_what, is, keptMs) => {
    const { asked, ...options } = await start(allowed(is));
    const access = accessReviewAuthorizer(options);
    expect(await access.allows(alice, 'approve', { namespace: 'shop' })).toBe(is);
    now += keptMs;
    expect(await access.allows(alice, 'approve', { namespace: 'shop' })).toBe(is);
    expect(asked()).toBe(1);
    now += 1;
    await access.allows(alice, 'approve', { namespace: 'shop' });
    expect(asked()).toBe(2);
  });

  it('is a question of its own for each caller, verb and place', async () => {
    const { asked, ...options } = await start(allowed(true));
    const access = accessReviewAuthorizer(options);
    const place = { namespace: 'shop', name: 'cart' };
    await access.allows(alice, 'get', place);
    await access.allows(alice, 'approve', place);
    await access.allows(alice, 'get', { namespace: 'shop' });
    await access.allows(alice, 'get', {});
    await access.allows({ ...alice, name: 'oidc:bob' }, 'get', place);
    await access.allows({ ...alice, groups: [] }, 'get', place);
    await access.allows({ ...alice, uid: '1' }, 'get', place);
    await access.allows({ ...alice, extra: { scope: ['a'] } }, 'get', place);
    expect(asked()).toBe(8);
    await access.allows({ ...alice, via: 'token' }, 'get', place);
    expect(asked()).toBe(8);
  });

  it.each([
    ['is overloaded', refuse(429, 'too many requests')],
    ['does not let Windlass ask', refuse(403, 'forbidden')],
    [
      'answers something else',
      (answer: ServerResponse) => json(answer, 201, { status: { allowed: 'true' } }),
    ],
  ])('is nothing while the API server %s', async (_what, answer) => {
    const access = accessReviewAuthorizer(await start(answer));
    await expect(access.allows(alice, 'get', {})).rejects.toMatchObject({
      name: 'AccessUnavailable',
      message: expect.stringContaining('cannot check permissions now') as string,
    });
    expect(logged).toHaveLength(1);
  });

  it('is known again when the API server answers, and the log says so', async () => {
    let is = refuse(500, 'etcd is away');
    const access = accessReviewAuthorizer(await start((answer) => is(answer)));
    await expect(access.allows(alice, 'get', {})).rejects.toMatchObject({ name: 'AccessUnavailable' });
    is = allowed(true);
    expect(await access.allows(alice, 'get', {})).toBe(true);
    expect(logged.at(-1)).toContain('this is over');
  });
});
