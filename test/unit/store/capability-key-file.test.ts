import { mkdtemp, rm, stat, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { localCapabilityKeyFile } from '../../../src/program/composition/open-capabilities';
import { readCapabilityKeys } from '../../../src/resources/capability-keys-schema';
import { openCapabilityKeyFile } from '../../../src/store/capability-key-file';
import { testKey } from '../../support/capability';
import { eventually } from '../../support/eventually';
import { writeKeyFile } from '../../support/key-file';

const secret = Buffer.alloc(32, 7).toString('base64');
const log = pino({ level: 'silent' });
let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'windlass-keys-'));
});
afterEach(() => rm(directory, { recursive: true }));

const faultsOf = (text: string): readonly string[] =>
  readCapabilityKeys(text, 'keys.yaml').faults.map(({ path, reason }) => `${path} ${reason}`);

it('reads the keys, in YAML or JSON, and the time before which nothing was signed', () => {
  const yaml = `keys:\n  - id: "2026"\n    key: ${secret}\nacceptUnsignedBefore: "2026-01-31T12:00:00Z"\n`;
  const { value } = readCapabilityKeys(yaml, 'keys.yaml');
  expect(value).toEqual({
    keys: [{ id: '2026', key: new Uint8Array(32).fill(7) }],
    acceptUnsignedBefore: Date.UTC(2026, 0, 31, 12),
  });
  expect(readCapabilityKeys(JSON.stringify({ keys: [{ id: 'a', key: secret }] }), 'x').faults).toEqual([]);
});

it.each<readonly [string, string, RegExp]>([
  ['without keys', 'keys: []', /^keys/],
  [
    'with a short key',
    `keys: [{id: a, key: ${Buffer.alloc(31).toString('base64')}}]`,
    /openssl rand -base64 32/,
  ],
  [
    'with a key that is not base64',
    'keys: [{id: a, key: "not base64 at all, and long enough to be one"}]',
    /base64/,
  ],
  ['with two keys of one id', `keys: [{id: a, key: ${secret}}, {id: a, key: ${secret}}]`, /same id/],
  ['with an id that a token cannot have', `keys: [{id: a.b, key: ${secret}}]`, /letters, digits/],
  ['with a misspelt field', `keys: [{id: a, key: ${secret}}]\nacceptUnsigned: x`, /acceptUnsigned/],
  ['with a time that is none', `keys: [{id: a, key: ${secret}}]\nacceptUnsignedBefore: today`, /RFC 3339/],
])('refuses a file %s, and quotes no key', (_what, text, expected) => {
  const faults = faultsOf(text);
  expect(faults.join('\n')).toMatch(expected);
  expect(faults.join('\n')).not.toContain(secret);
});

it('is read again when it changes: a key is rotated without a restart', async () => {
  const file = join(directory, 'keys.yaml');
  await writeKeyFile(file, [testKey('old')]);
  const keys = await openCapabilityKeyFile({ file, log, pollIntervalMs: 20 });
  await writeKeyFile(file, [testKey('new', 2), testKey('old')]);
  await eventually(() => expect(keys.current().keys.map(({ id }) => id)).toEqual(['new', 'old']));
  await writeFile(file, 'keys: []');
  await eventually(() => expect(keys.current().keys).toHaveLength(2));
  await keys.close();
});

it('is made once for a program that runs alone, for its own user only', async () => {
  const now = Date.UTC(2026, 0, 1);
  const files = await Promise.all([1, 2, 3].map(() => localCapabilityKeyFile(directory, now)));
  const [file] = files;
  expect(new Set(files).size).toBe(1);
  const text = await readFile(file!, 'utf8');
  expect((await stat(file!)).mode & 0o777).toBe(0o600);
  expect(readCapabilityKeys(text, 'x').value).toMatchObject({
    keys: [{ id: 'local' }],
    acceptUnsignedBefore: now,
  });
  await localCapabilityKeyFile(directory, now + 1);
  expect(await readFile(file!, 'utf8')).toBe(text);
});
