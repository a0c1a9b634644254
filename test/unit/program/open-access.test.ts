import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { type Access } from '../../../src/access/access';
import { hashOfToken } from '../../../src/access/tokens/static-tokens';
import { type Flags, readConfig } from '../../../src/config/config';
import { openAccess } from '../../../src/program/composition/open-access';
import { OpenParts } from '../../../src/program/lifetime/open-parts';

const log = pino({ level: 'silent' });
const token = 'a-token-of-thirty-characters-x';
const head = 'apiVersion: pipelines.weave.works/v1alpha1\n';

let directory: string;
let parts: OpenParts;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'windlass-open-access-'));
  parts = new OpenParts();
});
afterEach(async () => {
  await parts.close();
  await rm(directory, { recursive: true });
});

async function fileWith(name: string, text: string): Promise<string> {
  const file = join(directory, name);
  await writeFile(file, text);
  return file;
}
const tokens = () =>
  fileWith(
    'tokens.yaml',
    `${head}kind: ApiTokens\ntokens:\n  - { name: ci, sha256: ${hashOfToken(token)} }\n`,
  );
const policy = () =>
  fileWith(
    'access.yaml',
    `${head}kind: AccessPolicy\nrules:\n  - { subjects: [{ user: 'token:ci' }], namespaces: [shop], verbs: [get] }\n`,
  );

/** What the program does with these flags, while Pipelines are files. */
async function open(flags: Flags): Promise<Access | undefined> {
  const config = readConfig({ pipelinesDir: directory, ...flags }, { HOME: directory });
  return openAccess(parts, { config, log, cluster: undefined });
}

it('there is no access without a way to log in', async () => {
  expect(await open({})).toBeUndefined();
});

it('files say who may do what', async () => {
  const access = await open({ apiTokensFile: await tokens(), accessPolicyFile: await policy() });
  const authentication = await access?.authenticate(token);
  expect(authentication).toMatchObject({ known: true, caller: { name: 'token:ci' } });
  const caller = { name: 'token:ci', groups: [], via: 'token' } as const;
  expect(await access?.allows(caller, 'get', { namespace: 'shop' })).toBe(true);
  expect(await access?.allows(caller, 'approve', { namespace: 'shop' })).toBe(false);
});

const issuer = { oidcIssuerUrl: 'https://issuer.example.com', oidcClientId: 'windlass' };

it.each<readonly [what: string, flags: () => Promise<Flags>, fault: string]>([
  [
    'a file of tokens that does not exist',
    async () => ({ apiTokensFile: 'missing.yaml', accessPolicyFile: await policy() }),
    '--api-tokens-file (WINDLASS_API_TOKENS_FILE): ',
  ],
  [
    'a policy that is invalid',
    async () => ({
      apiTokensFile: await tokens(),
      accessPolicyFile: await fileWith('bad.yaml', 'rules: []'),
    }),
    '--access-policy-file (WINDLASS_ACCESS_POLICY_FILE): ',
  ],
  [
    'CA certificates that are none',
    async () => ({ ...issuer, oidcCaFile: await fileWith('ca.crt', 'x'), accessPolicyFile: await policy() }),
    'ca.crt holds something that is not a certificate in PEM.',
  ],
  [
    'CA certificates that are missing',
    async () => ({ ...issuer, oidcCaFile: 'missing.crt', accessPolicyFile: await policy() }),
    'missing.crt cannot be read (ENOENT).',
  ],
  [
    'tokens without a policy',
    async () => ({ apiTokensFile: await tokens() }),
    '--access-policy-file: set the file',
  ],
  ['a policy for no one', async () => ({ accessPolicyFile: await policy() }), 'no one can log in'],
  [
    'an issuer without a client',
    () => Promise.resolve({ oidcIssuerUrl: issuer.oidcIssuerUrl }),
    '--oidc-client-id: set',
  ],
  [
    'a client without an issuer',
    () => Promise.resolve({ oidcClientId: 'a' }),
    'no effect without --oidc-issuer-url',
  ],
  [
    'an issuer over plain HTTP',
    () => Promise.resolve({ ...issuer, oidcIssuerUrl: 'http://issuer.example.com' }),
    'it must be an https URL',
  ],
  [
    'an empty prefix',
    () => Promise.resolve({ oidcUsernamePrefix: '' }),
    'it must be 1 to 64 visible characters',
  ],
  [
    "Kubernetes' prefix",
    () => Promise.resolve({ oidcGroupsPrefix: 'system:' }),
    'must not be system: or token:',
  ],
  [
    'the prefix of tokens',
    () => Promise.resolve({ oidcUsernamePrefix: 'token:' }),
    'must not be system: or token:',
  ],
])('the program does not start with %s, and says why', async (_what, flags, fault) => {
  await expect(flags().then(open)).rejects.toMatchObject({
    name: 'ConfigurationError',
    message: expect.stringContaining(fault) as string,
  });
});

it("the issuer's URL stays as it is, with the slash that some end with", () => {
  const flags = { ...issuer, oidcIssuerUrl: 'https://tenant.example.com/', accessPolicyFile: 'access.yaml' };
  const { access } = readConfig({ pipelinesDir: directory, ...flags }, { HOME: directory });
  expect(access.oidc.issuerUrl).toBe('https://tenant.example.com/');
});
