import { pino } from 'pino';
import { SignJWT, UnsecuredJWT } from 'jose';
import { type Access, type Authentication } from '../../../src/access/access';
import { createAccess } from '../../../src/access/create-access';
import { IssuerKeys } from '../../../src/access/oidc/issuer-keys';
import { oidcAuthenticator } from '../../../src/access/oidc/oidc-authenticator';
import { createOutbound } from '../../../src/http/outbound/create-outbound';
import { type OidcIssuer, startOidcIssuer } from '../../support/oidc-issuer';

const manyGroups = Array.from({ length: 201 }, (_, index) => `group-${index}`);

const people = {
  alice: { groups: ['release', 'shop team'], email: 'alice@example.com', email_verified: true },
  bob: { groups: 'release', email: 'bob@example.com', email_verified: false },
  carol: {},
  mallory: { groups: ['release', 'system:masters'] },
  'system:admin': { groups: [] },
  entra: {
    _claim_names: { groups: 'src1' },
    _claim_sources: { src1: { endpoint: 'https://graph.invalid' } },
  },
  implicit: { hasgroups: true },
  busy: { groups: manyGroups },
  odd: { groups: { release: true } },
  invisible: { groups: ['rel\u200base'] },
};

let issuer: OidcIssuer;
beforeAll(async () => {
  issuer = await startOidcIssuer(people);
});
afterAll(() => issuer.stop());

let now: number;
let logged: string[];
beforeEach(() => {
  now = 1_000_000;
  logged = [];
});

function open({ url = issuer.url, userClaim = 'sub' } = {}): Access {
  const keys = new IssuerKeys({
    issuer: url,
    outboundTo: (allowedHosts) => createOutbound({ allowedHosts, allowPlainHttp: false, timeoutMs: 5_000 }),
    log: pino({ level: 'trace' }, { write: (line) => void logged.push(line) }),
    now: () => now,
  });
  return createAccess({
    authenticators: [
      oidcAuthenticator({
        issuer: url,
        clientId: 'windlass',
        claims: { user: userClaim, groups: 'groups' },
        prefixes: { user: 'oidc:', group: 'oidc:' },
        keys,
      }),
    ],
    authorizer: { allows: () => Promise.resolve(false) },
  });
}

const seconds = () => Math.floor(Date.now() / 1_000);
/** As the issuer's own, but for what the test changes. */
const claimsOf = (changes: Readonly<Record<string, unknown>> = {}) => ({
  iss: issuer.url,
  aud: 'windlass',
  sub: 'alice',
  iat: seconds(),
  exp: seconds() + 300,
  ...changes,
});
const faultOf = (authentication: Authentication) => (authentication.known ? 'known' : authentication.fault);

it('a person who logs in has the name and groups of the token, each with the prefix', async () => {
  expect(await open().authenticate(await issuer.logIn('alice'))).toEqual({
    known: true,
    caller: { name: 'oidc:alice', groups: ['oidc:release', 'oidc:shop team'], via: 'oidc' },
  });
});

it('one group may be a name instead of a list', async () => {
  expect(await open().authenticate(await issuer.logIn('bob'))).toMatchObject({
    caller: { groups: ['oidc:release'] },
  });
});

it('the name can be another claim, an address only if it is verified', async () => {
  const access = open({ userClaim: 'email' });
  expect(await access.authenticate(await issuer.logIn('alice'))).toMatchObject({
    caller: { name: 'oidc:alice@example.com' },
  });
  expect(faultOf(await access.authenticate(await issuer.logIn('bob')))).toContain(
    'has not verified your e-mail',
  );
  expect(faultOf(await access.authenticate(await issuer.logIn('carol')))).toContain('no claim "email"');
});

it.each([
  ['a group that Kubernetes keeps for itself', 'mallory', 'the group "system:masters"'],
  ['a name that Kubernetes keeps for itself', 'system:admin', 'the user "system:admin"'],
  ['groups that are no list', 'odd', 'must be a name or a list of names'],
  ['a group with invisible characters', 'invisible', 'invisible characters'],
])('%s is refused', async (_what, person, fault) => {
  expect(faultOf(await open().authenticate(await issuer.logIn(person)))).toContain(fault);
});

it.each([
  ['Entra ID points elsewhere', 'entra', 'left your groups out of the token'],
  ['Entra ID only says that there are some', 'implicit', 'left your groups out of the token'],
  ['the token has none', 'carol', 'has no claim "groups"'],
])('without groups a person is known, and warned: %s', async (_what, person, warning) => {
  const known = await open().authenticate(await issuer.logIn(person));
  expect(known).toMatchObject({ known: true, caller: { name: `oidc:${person}`, groups: [] } });
  expect(known.known && known.caller.warning).toContain(warning);
});

it('of more groups than a record carries, the first count, and the person is warned', async () => {
  const token = await issuer.logIn('busy');
  const known = await open().authenticate(token);
  expect(known.known && known.caller.groups).toEqual(
    manyGroups.slice(0, 200).map((group) => `oidc:${group}`),
  );
  expect(known.known && known.caller.warning).toContain('names 201 groups, and only the first 200 count');
});

describe('a token is refused', () => {
  it('that is for another client of the issuer', async () => {
    const fault = faultOf(await open().authenticate(await issuer.logIn('alice', 'another')));
    expect(fault).toBe(
      'The token is not for this API: its audience must be "windlass". Log in with that client.',
    );
  });

  it.each<readonly [what: string, changes: Readonly<Record<string, unknown>>, fault: string]>([
    ['expired', { exp: 1_000_000_000 }, 'has expired: log in again'],
    ['is not valid yet', { nbf: 4_000_000_000 }, 'is not valid yet: compare the clocks'],
    ['never expires', { exp: undefined }, 'does not say when it expires'],
    ['has a time that is no number', { exp: 'never' }, 'does not say when it expires'],
    ['is for no one', { aud: undefined }, 'audience must be "windlass"'],
    ['has no name', { sub: undefined }, 'no claim "sub"'],
    ['has an empty name', { sub: '' }, 'no claim "sub"'],
    ['has a number as its name', { sub: 7 }, 'no claim "sub"'],
  ])('that %s', async (_what, changes, fault) => {
    expect(faultOf(await open().authenticate(await issuer.sign(claimsOf(changes))))).toContain(fault);
  });

  it('whose issuer is another one, also if this one signed it', async () => {
    const token = await issuer.sign(claimsOf({ iss: 'https://issuer.example.com' }));
    expect(faultOf(await open().authenticate(token))).toContain('The token is not known here');
  });

  it('without a signature', async () => {
    const token = new UnsecuredJWT(claimsOf()).encode();
    expect(faultOf(await open().authenticate(token))).toContain('not signed in a way that counts');
  });

  it('whose secret is the public key', async () => {
    const secret = new TextEncoder().encode(await issuer.publicKey());
    const token = await new SignJWT(claimsOf())
      .setProtectedHeader({ alg: 'HS256', kid: 'key-0' })
      .sign(secret);
    expect(faultOf(await open().authenticate(token))).toContain('not signed in a way that counts');
  });

  it('that was changed after it was signed', async () => {
    const [header, , signature] = (await issuer.sign(claimsOf())).split('.');
    const payload = Buffer.from(JSON.stringify(claimsOf({ sub: 'root' }))).toString('base64url');
    const fault = faultOf(await open().authenticate([header, payload, signature].join('.')));
    expect(fault).toContain('not signed by a key that the issuer has now');
  });

  it('that is huge, before anything reads it', async () => {
    const token = await issuer.sign(claimsOf({ padding: 'x'.repeat(20_000) }));
    expect(faultOf(await open().authenticate(token))).toContain('longer than 16000 characters');
  });
});

it('the clocks may differ by some seconds', async () => {
  const token = await issuer.sign(claimsOf({ nbf: seconds() + 10, exp: seconds() - 10 }));
  expect(await open().authenticate(token)).toMatchObject({ known: true });
});

describe('the keys of the issuer', () => {
  it('are read once for many tokens', async () => {
    const access = open();
    const before = issuer.keyReads();
    const token = await issuer.logIn('alice');
    await Promise.all(Array.from({ length: 20 }, () => access.authenticate(token)));
    expect(issuer.keyReads() - before).toBe(1);
  });

  it('are read again for a new key, but not for each token that names an unknown one', async () => {
    const access = open();
    const old = await issuer.logIn('alice');
    expect(await access.authenticate(old)).toMatchObject({ known: true });
    await issuer.rotate();
    const rotated = await issuer.logIn('alice');
    const before = issuer.keyReads();
    expect(faultOf(await access.authenticate(rotated))).toContain('log in again');
    expect(issuer.keyReads() - before).toBe(0);
    now += 30_000;
    expect(await access.authenticate(rotated)).toMatchObject({ known: true });
    for (const kid of ['a', 'b', 'c']) {
      const token = await issuer.sign(claimsOf(), { kid });
      expect(faultOf(await access.authenticate(token))).toContain('log in again');
    }
    expect(issuer.keyReads() - before).toBe(1);
    expect(faultOf(await access.authenticate(old))).toContain('log in again');
  });

  it('that were withdrawn do not count after ten minutes', async () => {
    const access = open();
    const old = await issuer.logIn('alice');
    expect(await access.authenticate(old)).toMatchObject({ known: true });
    await issuer.rotate();
    now += 10 * 60_000;
    expect(faultOf(await access.authenticate(old))).toContain('log in again');
  });
});

describe('an issuer that is away', () => {
  let token: string;
  beforeEach(async () => {
    token = await issuer.logIn('alice');
    await issuer.stop();
  });
  afterEach(() => issuer.start());
  const unavailable = {
    name: 'AccessUnavailable',
    message: expect.stringContaining('cannot be read now. Repeat the request') as string,
  };

  it('leaves everyone unknown, and the log says why, once', async () => {
    const access = open();
    await expect(access.authenticate(token)).rejects.toMatchObject(unavailable);
    now += 5_000;
    await expect(access.authenticate(token)).rejects.toMatchObject(unavailable);
    expect(logged.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      expect.stringMatching(
        /^The keys of the issuer http:\/\/127\.0\.0\.1:\d+ cannot be read: .*connection refused.* Check --oidc-issuer-url/,
      ),
    ]);
  });

  it('has keys that count for ten minutes, if they were read before', async () => {
    await issuer.start();
    const access = open();
    expect(await access.authenticate(token)).toMatchObject({ known: true });
    await issuer.stop();
    now += 10 * 60_000 - 1;
    expect(await access.authenticate(token)).toMatchObject({ known: true });
    now += 1;
    await expect(access.authenticate(token)).rejects.toMatchObject(unavailable);
  });

  it('is asked again after five seconds', async () => {
    const access = open();
    await expect(access.authenticate(token)).rejects.toMatchObject(unavailable);
    await issuer.start();
    await expect(access.authenticate(token)).rejects.toMatchObject(unavailable);
    now += 5_000;
    expect(await access.authenticate(token)).toMatchObject({ known: true });
  });
});

it('an issuer that calls itself otherwise gives no keys', async () => {
  const access = open({ url: `${issuer.url}/` });
  const token = await issuer.sign(claimsOf({ iss: `${issuer.url}/` }));
  await expect(access.authenticate(token)).rejects.toMatchObject({ name: 'AccessUnavailable' });
  expect(logged.join()).toContain('set --oidc-issuer-url to exactly that');
});

it('no fault and no log has a part of a token', async () => {
  const access = open();
  const tokens = [
    await issuer.logIn('alice', 'another'),
    await issuer.sign(claimsOf({ exp: 1_000_000_000 })),
    await issuer.sign(claimsOf(), { kid: 'unknown' }),
    new UnsecuredJWT(claimsOf()).encode(),
  ];
  const texts: string[] = [];
  for (const token of tokens) texts.push(faultOf(await access.authenticate(token)));
  await issuer.stop();
  now += 10 * 60_000;
  for (const token of tokens.slice(0, 3)) {
    texts.push(await access.authenticate(token).then(faultOf, (error: unknown) => String(error)));
  }
  await issuer.start();
  const said = [...texts, ...logged].join('\n');
  const parts = tokens.flatMap((token) => token.split('.')).filter((part) => part !== '');
  expect(parts.filter((part) => said.includes(part.slice(0, 12)))).toEqual([]);
});
