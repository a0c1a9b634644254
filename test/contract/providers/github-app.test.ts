import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { type Forge, startForge } from '../../../demo/forge/forge';
import { parseRepositoryUrl } from '../../../src/domain/pipeline/repository-url';
import { type WindlassError } from '../../../src/domain/errors';
import { createOutbound } from '../../../src/http/outbound/create-outbound';
import { type Outbound } from '../../../src/http/outbound/outbound';
import { github } from '../../../src/providers/github';
import { type OpenOutbound } from '../../../src/providers/rest/api-access';
import { createExchangedTokens } from '../../../src/providers/rest/exchanged-tokens';
import { accessWith } from '../../support/api-access';
import { failureOf } from '../../support/classified-failure';
import { type DescribedGithub, heldAgainstDescription } from '../../support/github/described';

const never = new AbortController().signal;
const keyPair = (): ReturnType<typeof generateKeyPairSync> =>
  generateKeyPairSync('rsa', { modulusLength: 2048 });
const { privateKey, publicKey } = keyPair();
const pemOf = (key: typeof privateKey): string => key.export({ type: 'pkcs1', format: 'pem' }).toString();

const open: OpenOutbound = (allowedHosts) =>
  createOutbound({ allowedHosts, allowPlainHttp: false, timeoutMs: 5_000 });

describe("a GitHub App's Secret", () => {
  let directory: string;
  let forge: Forge;
  let described: DescribedGithub;
  let obtain: ReturnType<typeof createExchangedTokens>;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'github-app-'));
    forge = await startForge({
      directory,
      token: 'unused',
      app: {
        id: '4711',
        publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
        installation: { id: 815, owner: 'acme' },
      },
    });
    await forge.createRepository('acme/apps', { 'app.yaml': 'v: 1\n' });
    described = await heldAgainstDescription(forge.url);
    obtain = createExchangedTokens(() => github, open);
  });
  afterEach(async () => {
    await forge.close();
    await rm(directory, { recursive: true, force: true });
    await described.close();
  });

  const host = (): string => new URL(described.url).host;
  const tokenWith = async (
    change: Readonly<Record<string, string | undefined>> = {},
  ): Promise<string | undefined> => {
    const secret = {
      githubAppID: '4711',
      githubAppInstallationID: '815',
      githubAppPrivateKey: pemOf(privateKey),
      githubAppBaseURL: `${described.url}/api/v3`,
      ...change,
    };
    const data = Object.entries<string | undefined>(secret).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, Buffer.from(value)] as const],
    );
    const reference = { namespace: 'team', secretName: 'git', provider: 'github', hosts: [host()] } as const;
    return (await obtain(reference, Object.fromEntries(data)))?.token;
  };
  const refused = async (change?: Parameters<typeof tokenWith>[0]): Promise<WindlassError> => {
    const failure = await failureOf(tokenWith(change));
    expect(inspect(failure, { depth: 10, showHidden: true })).not.toMatch(/MII|BEGIN|ghs_|eyJ/);
    return failure;
  };

  it.each([
    ["its installation's number", {}],
    ["its installation's owner", { githubAppInstallationID: undefined, githubAppInstallationOwner: 'acme' }],
    ['values that end in line breaks', { githubAppID: '4711\n', githubAppInstallationID: ' 815\n' }],
  ])('gives tokens by %s', async (_how, change) => {
    const token = await tokenWith(change);
    const provider = github.connect({
      repository: parseRepositoryUrl(`${described.url}/acme/apps.git`),
      access: accessWith(token!, open([host()], {})),
    });
    expect(await provider.findOpen({ head: 'promotion', base: 'main' }, never)).toBeUndefined();
  });

  it("takes the web's URL for the API's", async () => {
    expect(await tokenWith({ githubAppBaseURL: `${described.url}/` })).toMatch(/^ghs_/);
  });

  it.each([
    ['https://github.com', 'https://api.github.com/'],
    ['https://acme.ghe.com/', 'https://api.acme.ghe.com/'],
    ['https://api.acme.ghe.com', 'https://api.acme.ghe.com/'],
    ['https://git.example.com', 'https://git.example.com/api/v3/'],
  ])('knows where the API of %s is', async (githubAppBaseURL, api) => {
    const asked: string[] = [];
    const fetch: Outbound['fetch'] = (input) => {
      asked.push(new Request(input).url);
      return Promise.resolve(Response.json({}, { status: 404 }));
    };
    const secret = {
      githubAppID: '4711',
      githubAppInstallationID: '815',
      githubAppPrivateKey: pemOf(privateKey),
      githubAppBaseURL,
    };
    const data = Object.fromEntries(
      Object.entries(secret).map(([key, value]) => [key, Buffer.from(value)] as const),
    );
    await failureOf(github.tokenExchange!(data)!.obtain({ fetch }));
    expect(asked).toEqual([`${api}app/installations/815/access_tokens`]);
  });

  it('gives the same token again', async () => {
    expect(await tokenWith()).toBe(await tokenWith());
    expect(forge.app?.issued).toBe(1);
  });

  it('is none where it has other keys only', async () => {
    const none = {
      githubAppID: undefined,
      githubAppInstallationID: undefined,
      githubAppPrivateKey: undefined,
    };
    expect(await tokenWith({ ...none, githubAppBaseURL: undefined, token: 't' })).toBeUndefined();
  });

  it.each(['githubAppID', 'githubAppPrivateKey', 'githubAppInstallationID'])(
    'has to have %s',
    async (key) => {
      for (const value of [undefined, '  \n']) {
        const failure = await refused({ [key]: value });
        expect(failure.code).toBe('credentials-missing');
        expect(failure.message).toContain(`no ${key}`);
      }
      expect((await refused({ [key]: '${APP}' })).message).toContain('unsubstituted');
    },
  );

  it.each([
    ['githubAppID', 'not a number!'],
    ['githubAppInstallationID', '815/../../user'],
    ['githubAppBaseURL', 'github.example.com'],
    ['githubAppPrivateKey', 'not a key'],
  ])('names a value of %s that cannot be right', async (key, value) => {
    const failure = await refused({ [key]: value });
    expect(failure).toMatchObject({ code: 'bad-credentials', retryable: false });
    expect(failure.message).toContain(key);
  });

  it("names another App's key", async () => {
    const failure = await refused({ githubAppPrivateKey: pemOf(keyPair().privateKey) });
    expect(failure).toMatchObject({ code: 'bad-credentials', retryable: false });
    expect(failure.message).toContain('A JSON web token could not be decoded');
    expect(failure.message).toContain('not a key of the GitHub App 4711');
  });

  it.each([
    ['installation 816', 'githubAppInstallationID', { githubAppInstallationID: '816' }],
    [
      'installation for umbrella',
      'githubAppInstallationOwner',
      { githubAppInstallationID: undefined, githubAppInstallationOwner: 'umbrella' },
    ],
  ])('names the %s that is not there', async (name, key, change) => {
    const failure = await refused(change);
    expect(failure).toMatchObject({ code: 'bad-credentials', retryable: false });
    expect(failure.message).toContain(`has no ${name}`);
    expect(failure.message).toContain(key);
  });

  it('says that the installation is suspended', async () => {
    forge.app!.suspended = true;
    const failure = await refused();
    expect(failure).toMatchObject({ code: 'forbidden', retryable: false });
    expect(failure.message).toContain('This installation has been suspended');
  });

  it('says which right the App lacks', async () => {
    forge.app!.permissions['pull_requests'] = 'read';
    const failure = await refused();
    expect(failure).toMatchObject({ code: 'forbidden', retryable: false });
    expect(failure.message).toContain('Pull requests: read and write');
  });

  it('tells a wrong clock from a wrong key', async () => {
    const message = "'Expiration time' claim ('exp') is too far in the future";
    forge.failNext('api', { answer: 401, message });
    const failure = await refused();
    expect(failure).toMatchObject({ code: 'bad-credentials' });
    expect(failure.message).toContain('clock differs');
  });

  it('is tried again after a bad day of the service', async () => {
    forge.failNext('api', { answer: 502 });
    expect(await refused()).toMatchObject({ code: 'provider-unavailable', retryable: true });
    forge.failNext('api', { answer: 403, headers: { 'retry-after': '9' }, message: 'secondary rate limit' });
    expect(await refused()).toMatchObject({ code: 'rate-limited', retryAfterMs: 9_000 });
    expect(await tokenWith()).toMatch(/^ghs_/);
  });

  it('is sent to no other host than the repository has', async () => {
    const failure = await refused({ githubAppBaseURL: 'https://github.attacker.example/api/v3' });
    expect(failure.code).toBe('host-not-allowed');
  });

  it('names the URL that it lacks where the repository is on a server of its own', async () => {
    const failure = await refused({ githubAppBaseURL: undefined });
    expect(failure.code).toBe('credentials-missing');
    expect(failure.message).toContain('githubAppBaseURL');
  });
});
