/** Author, message and signature of promotion commits, as real tools read them. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMessage, generateKey, readKey, readSignature, verify } from 'openpgp';
import { branch, type PromotionForge, startPromotionForge } from './promotion-forge';

let fleet: PromotionForge;
let directory: string;
beforeEach(async () => {
  fleet = await startPromotionForge();
  directory = mkdtempSync(join(tmpdir(), 'signing-'));
});
afterEach(async () => {
  await fleet.close();
  rmSync(directory, { recursive: true, force: true });
});

const people = () => fleet.git('show', '--no-patch', '--format=%an <%ae>, %cn <%ce>', branch);
const message = () => fleet.git('show', '--no-patch', '--format=%B', branch);
const signed = { signingSecretName: 'signing' };
const bot = { name: 'Bot', email: 'bot@example.com' };

describe('author and committer', () => {
  test('are Windlass, unless the installation or the Pipeline say otherwise', async () => {
    await fleet.promote();
    const windlass = 'Windlass <windlass@users.noreply.localhost>';
    expect(people()).toBe(`${windlass}, ${windlass}`);
    await fleet.promote({ version: '1.2.0', release: 3, commits: { author: bot } });
    expect(people()).toBe('Bot <bot@example.com>, Bot <bot@example.com>');
    const commit = { author: { email: 'team@example.com' }, committer: { name: 'Robot' } };
    await fleet.promote({ version: '1.3.0', release: 4, commits: { author: bot }, strategy: { commit } });
    expect(people()).toBe('Bot <team@example.com>, Robot <team@example.com>');
  });
});

describe('the message', () => {
  test('is the template, filled in, above the trailers', async () => {
    const messageTemplate =
      'chore({application}): {environment} gets {version}\n\nAfter {from}, by {pipeline}.';
    await fleet.promote({ strategy: { commit: { messageTemplate } } });
    const [subject, , body, , ...trailers] = message().split('\n');
    expect([subject, body]).toEqual(['chore(shop): staging gets 1.1.0', 'After dev, by apps/shop.']);
    expect(trailers).toContain('Windlass-Version: 1.1.0');
  });

  test('keeps its trailers together with ours', async () => {
    const messageTemplate = '{title}\n\nSigned-off-by: Bot <bot@example.com>';
    await fleet.promote({ commits: { messageTemplate } });
    const trailers = fleet.git('show', '--no-patch', '--format=%(trailers:only)', branch);
    expect(trailers).toContain('Signed-off-by: Bot <bot@example.com>\nWindlass-Pipeline: apps/shop');
  });

  test('that was reworded meanwhile makes no second commit', async () => {
    await fleet.promote();
    const first = fleet.git('rev-parse', branch);
    await fleet.promote({ commits: { messageTemplate: 'chore: {title}' } });
    expect(fleet.git('rev-parse', branch)).toBe(first);
  });
});

describe('a signature by an SSH key', () => {
  const makeKey = (passphrase: string) => {
    const file = join(directory, 'key');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-C', '', '-f', file]);
    writeFileSync(join(directory, 'signers'), `bot@example.com ${readFileSync(`${file}.pub`, 'utf8')}`);
    return readFileSync(file, 'utf8');
  };
  const verified = () =>
    fleet.git(
      '-c',
      `gpg.ssh.allowedSignersFile=${join(directory, 'signers')}`,
      'log',
      '-1',
      '--format=%G? %GS',
      branch,
    );

  test.each([
    ['as it is', ''],
    ['with a passphrase', 'a pass phrase'],
  ])('%s is good to Git', async (_, passphrase) => {
    const secret = { identity: makeKey(passphrase), ...(passphrase === '' ? {} : { passphrase }) };
    await fleet.promote({ strategy: { commit: signed }, secrets: { 'apps/signing': secret } });
    expect(verified()).toBe('G bot@example.com');
    expect(fleet.git('fsck', '--strict')).toBe('');
  });

  test('is not made again by a repeated attempt', async () => {
    const promotion = {
      strategy: { commit: signed },
      secrets: { 'apps/signing': { identity: makeKey('') } },
    };
    await fleet.promote(promotion);
    const first = fleet.git('rev-parse', branch);
    await fleet.promote(promotion);
    expect(fleet.git('rev-parse', branch)).toBe(first);
  });

  test.each([
    ['a wrong passphrase', 'right', { passphrase: 'canary-wrong' }, 'does not open its SSH key'],
    ['a missing passphrase', 'right', {}, 'encrypted, and there is no passphrase'],
    ['a damaged key', '', { identity: 'canary-key' }, 'is no SSH private key'],
  ])('with %s fails by name, without a word of the key', async (_, passphrase, data, words) => {
    const secrets = { 'apps/signing': { identity: makeKey(passphrase), ...data } };
    const attempt = fleet.promote({ strategy: { commit: signed }, secrets });
    await expect(attempt).rejects.toMatchObject({
      code: 'signing-failed',
      message: expect.stringContaining(words),
    });
    await expect(attempt).rejects.not.toMatchObject({ message: expect.stringContaining('canary') });
    expect(fleet.git('branch', '--list', branch)).toBe('');
  });

  test('leaves no key on any disk', async () => {
    const identity = makeKey('');
    await fleet.promote({ strategy: { commit: signed }, secrets: { 'apps/signing': { identity } } });
    const kept = readdirSync(fleet.cacheDirectory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.filter((content) => content.includes(identity.split('\n')[1] ?? identity))).toEqual([]);
  });
});

describe('a signature by an OpenPGP key', () => {
  const makeKey = (passphrase?: string) =>
    generateKey({ userIDs: [bot], ...(passphrase === undefined ? {} : { passphrase }) });

  /** The commit as it was signed, and its signature. */
  const split = () => {
    const commit = execFileSync('git', ['cat-file', 'commit', branch], { cwd: fleet.bare }).toString('utf8');
    const header = /^gpgsig (.*\n(?: .*\n)*)/m.exec(commit);
    return {
      payload: commit.replace(header?.[0] ?? '', ''),
      signature: (header?.[1] ?? '').replace(/^ /gm, ''),
    };
  };
  const isGood = async (armoredKey: string) => {
    const { payload, signature } = split();
    const { signatures } = await verify({
      message: await createMessage({ binary: Buffer.from(payload) }),
      signature: await readSignature({ armoredSignature: signature }),
      verificationKeys: (await readKey({ armoredKey })).toPublic(),
    });
    return signatures[0]?.verified;
  };

  test.each([
    ['as it is', undefined],
    ['with a passphrase', 'a pass phrase'],
  ])('%s is good', async (_, passphrase) => {
    const { privateKey, publicKey } = await makeKey(passphrase);
    const secret = { 'git.asc': privateKey, ...(passphrase === undefined ? {} : { passphrase }) };
    const signingKey = { namespace: 'flux-system', secretName: 'signing' };
    await fleet.promote({ commits: { signingKey, author: bot }, secrets: { 'flux-system/signing': secret } });
    expect(await isGood(publicKey)).toBe(true);
    expect(fleet.git('fsck', '--strict')).toBe('');
  });

  test.each([
    ['a wrong passphrase', { passphrase: 'canary-wrong' }, 'does not open its OpenPGP key'],
    ['a missing passphrase', {}, 'encrypted, and there is no passphrase'],
    ['a damaged key', { 'git.asc': 'canary-key' }, 'is no armored OpenPGP private key'],
  ])('with %s fails by name', async (_, data, words) => {
    const { privateKey } = await makeKey('right');
    const secrets = { 'apps/signing': { 'git.asc': privateKey, ...data } };
    const failure: unknown = await fleet
      .promote({ strategy: { commit: signed }, secrets })
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'signing-failed', message: expect.stringContaining(words) });
    expect((failure as Error).message).not.toContain('canary');
  });

  test.each([
    ['no Secret', {}, 'There is no Secret apps/signing.'],
    ['a Secret without a key', { 'apps/signing': { token: 'x' } }, 'has no git.asc or identity'],
  ])('that names %s fails by name', async (_, secrets, words) => {
    await expect(fleet.promote({ strategy: { commit: signed }, secrets })).rejects.toMatchObject({
      code: 'signing-failed',
      message: expect.stringContaining(words),
    });
  });
});
