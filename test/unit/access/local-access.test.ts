import { chmod, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Access, type Caller } from '../../../src/access/access';
import { createAccess } from '../../../src/access/create-access';
import { openLocalAccess } from '../../../src/access/local-access';
import { localTokenFile } from '../../../src/access/tokens/local-token';
import { type Verb, verbs } from '../../../src/domain/people/rights';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'windlass-local-'));
});
afterEach(() => rm(dataDir, { recursive: true }));

const tokenIn = async () => (await readFile(localTokenFile(dataDir), 'utf8')).trim();
async function callerOf(access: Access, token: string): Promise<Caller> {
  const authentication = await access.authenticate(token);
  if (!authentication.known) throw new Error(authentication.fault);
  return authentication.caller;
}

it('makes a token that only its user can read, and that may do everything', async () => {
  const access = await openLocalAccess(dataDir);
  expect((await stat(localTokenFile(dataDir))).mode & 0o777).toBe(0o600);
  const local = await callerOf(access, await tokenIn());
  expect(local).toEqual({ name: 'token:local', groups: [], via: 'token' });
  for (const verb of Object.keys(verbs) as Verb[]) expect(await access.allows(local, verb, {})).toBe(true);
  expect(await access.authenticate('x'.repeat(43))).toMatchObject({ known: false });
});

it('keeps the token for the next start', async () => {
  await openLocalAccess(dataDir);
  const token = await tokenIn();
  expect(await callerOf(await openLocalAccess(dataDir), token)).toMatchObject({ name: 'token:local' });
});

it.each<readonly [what: string, spoil: (file: string) => Promise<unknown>]>([
  ['others could have read it', (file) => chmod(file, 0o644)],
  ['it is no token', (file) => writeFile(file, 'guessed\n')],
  [
    'it is a link to a file of others',
    async (file) => {
      await rm(file);
      await writeFile(`${file}.elsewhere`, `${'A'.repeat(43)}\n`, { mode: 0o600 });
      await symlink(`${file}.elsewhere`, file);
    },
  ],
])('makes a new token if %s', async (_what, spoil) => {
  await openLocalAccess(dataDir);
  const before = await tokenIn();
  await spoil(localTokenFile(dataDir));
  const spoiled = await tokenIn();
  const access = await openLocalAccess(dataDir);
  expect((await stat(localTokenFile(dataDir))).mode & 0o777).toBe(0o600);
  const after = await tokenIn();
  expect([before, spoiled]).not.toContain(after);
  expect(await access.authenticate(spoiled)).toMatchObject({ known: false });
  expect(await access.authenticate(after)).toMatchObject({ known: true });
});

it('leaves all other callers to what is configured', async () => {
  const ci: Caller = { name: 'token:ci', groups: [], via: 'token' };
  const configured = createAccess({
    authenticators: [{ authenticate: () => Promise.resolve({ known: true, caller: ci }) }],
    authorizer: { allows: (_caller, verb) => Promise.resolve(verb === 'get') },
  });
  const access = await openLocalAccess(dataDir, configured);
  expect(await access.authenticate('token-of-ci')).toEqual({ known: true, caller: ci });
  expect(await access.allows(ci, 'get', {})).toBe(true);
  expect(await access.allows(ci, 'break-glass', {})).toBe(false);
});

it('gives its rights to no Kubernetes user of the same name', async () => {
  const access = await openLocalAccess(dataDir);
  const other: Caller = { name: 'token:local', groups: [], via: 'kubernetes' };
  expect(await access.allows(other, 'get', {})).toBe(false);
});
