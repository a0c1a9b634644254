import { createHash } from 'node:crypto';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { type Authenticator } from '../../../src/access/access';
import { openTokenFile, staticTokenAuthenticator } from '../../../src/access/tokens/static-tokens';
import { readTokenFile } from '../../../src/access/tokens/token-file-schema';
import { eventually } from '../../support/eventually';

const head = 'apiVersion: pipelines.weave.works/v1alpha1\nkind: ApiTokens\n';
const hash = (token: string) => createHash('sha256').update(token).digest('hex');
const ciToken = 'ci-token-of-thirty-characters-';
const cdToken = 'cd-token-of-thirty-characters-';
const entry = (name: string, token: string, groups = '') =>
  `  - { name: ${name}, sha256: ${hash(token)}${groups && `, groups: ${groups}`} }\n`;

let directory: string;
let file: string;
let lines: string[];
let close: (() => Promise<void>) | undefined;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'windlass-tokens-'));
  file = join(directory, 'tokens.yaml');
  lines = [];
});
afterEach(async () => {
  await close?.();
  close = undefined;
  await rm(directory, { recursive: true });
});

async function open(text: string): Promise<Authenticator> {
  await writeFile(file, text);
  const log = pino({ level: 'trace' }, { write: (line) => void lines.push(line) });
  const tokens = await openTokenFile({ file, log, pollIntervalMs: 10 });
  close = () => tokens.close();
  return staticTokenAuthenticator(() => tokens.current());
}

it('knows a token by its hash, with name and groups under the prefix', async () => {
  const known = await open(
    `${head}tokens:\n${entry('ci', ciToken, '[release, shop]')}${entry('cd', cdToken)}`,
  );
  expect(await known.authenticate(ciToken)).toEqual({
    known: true,
    caller: { name: 'token:ci', groups: ['token:release', 'token:shop'], via: 'token' },
  });
  expect(await known.authenticate(cdToken)).toMatchObject({ caller: { name: 'token:cd', groups: [] } });
});

it.each([
  ['another token', `${ciToken}x`],
  ['the beginning of a token', ciToken.slice(0, -1)],
  ['the hash itself', hash(ciToken)],
])('does not know %s', async (_what, token) => {
  const known = await open(`${head}tokens:\n${entry('ci', ciToken)}`);
  expect(await known.authenticate(token)).toBeUndefined();
});

it('does not know a token that is short enough to be guessed', async () => {
  const known = await open(`${head}tokens:\n${entry('ci', 'nineteen-characters')}`);
  expect(await known.authenticate('nineteen-characters')).toBeUndefined();
});

it('follows the file: a token that is removed from it ends', async () => {
  const known = await open(`${head}tokens:\n${entry('ci', ciToken)}`);
  await writeFile(`${file}.new`, `${head}tokens:\n${entry('cd', cdToken)}`);
  await rename(`${file}.new`, file);
  await eventually(async () => (await known.authenticate(ciToken)) === undefined);
  expect(await known.authenticate(cdToken)).toMatchObject({ known: true });
});

it('logs names, and no hash', async () => {
  await open(`${head}tokens:\n${entry('ci', ciToken)}`);
  expect(lines.join()).toContain('"names":["ci"]');
  expect(lines.join()).not.toContain(hash(ciToken).slice(0, 12));
});

it.each([
  ['a name of Kubernetes', entry('system:admin', ciToken), 'tokens[0].name: must not begin with system:'],
  [
    'a group of Kubernetes',
    entry('ci', ciToken, '["system:masters"]'),
    'tokens[0].groups[0]: must not begin',
  ],
  ['the name of the local token', entry('local', ciToken), 'tokens[0].name: is the name of the local token'],
  ['an empty name', entry('""', ciToken), 'tokens[0].name: must be visible characters'],
  [
    'a token instead of its hash',
    `  - { name: ci, sha256: ${ciToken} }\n`,
    'tokens[0].sha256: must be the SHA-256',
  ],
  [
    'a token besides its hash',
    entry('ci', ciToken).replace('}', ', token: x }'),
    'tokens[0].token: unknown field',
  ],
  ['the same token twice', entry('ci', ciToken) + entry('cd', ciToken), 'tokens[1].sha256: is also the hash'],
])('rejects %s, and names the place', (_what, entries, fault) => {
  const { value, faults } = readTokenFile(`${head}tokens:\n${entries}`, 'tokens.yaml');
  expect(value).toBeUndefined();
  expect(faults.map(({ path, reason }) => `${path}: ${reason}`)).toEqual([expect.stringContaining(fault)]);
  expect(JSON.stringify(faults)).not.toContain(ciToken);
});
