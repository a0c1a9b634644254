import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { jwtVerify } from 'jose';
import { appToken, readAppKey } from '../../../../src/providers/github/app-key';
import { failureThrownBy } from '../../../support/classified-failure';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = (type: 'pkcs1' | 'pkcs8'): string => privateKey.export({ type, format: 'pem' }).toString();
const now = Date.parse('2026-11-28T08:00:00.900Z');

describe("a GitHub App's private key", () => {
  it.each([
    ['as GitHub makes it', pem('pkcs1')],
    ['as PKCS#8', pem('pkcs8')],
    ['with \\n for line breaks', pem('pkcs1').replaceAll('\n', '\\n')],
    ['with \\r\\n for line breaks', pem('pkcs8').replaceAll('\n', '\\r\\n')],
    ['with line breaks of Windows', pem('pkcs1').replaceAll('\n', '\r\n')],
    ['indented', pem('pkcs1').replaceAll(/^/gm, '    ')],
    ['in one line', pem('pkcs8').replaceAll('\n', ' ')],
    ['with something around it', `# the key\n\n${pem('pkcs1')}\n\n`],
  ])('is read %s', (_how, text) => {
    expect(createPublicKey(readAppKey(text)).equals(publicKey)).toBe(true);
  });

  it.each([
    ['is not a key', 'the-canary-of-the-key'],
    ['is cut', pem('pkcs1').slice(0, 800)],
    ['is damaged', pem('pkcs1').replace(/[A-Z]{2}/g, 'canary')],
    [
      'has a passphrase',
      privateKey
        .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'canary' })
        .toString(),
    ],
    [
      'is of another algorithm',
      generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ],
    [
      'is too short',
      generateKeyPairSync('rsa', { modulusLength: 1024 })
        .privateKey.export({ type: 'pkcs1', format: 'pem' })
        .toString(),
    ],
    ['is a public key', publicKey.export({ type: 'spki', format: 'pem' }).toString()],
  ])('is refused where it %s, without a byte of it', (_how, text) => {
    const failure = failureThrownBy(() => readAppKey(text));
    expect(failure).toMatchObject({ code: 'bad-credentials', retryable: false });
    expect(failure.message).toContain('githubAppPrivateKey');
    expect(inspect(failure, { depth: 10, showHidden: true })).not.toMatch(/canary|MII/);
  });

  it('signs a token that begins a minute ago, and ends well before ten minutes', async () => {
    const token = await appToken('4711', readAppKey(pem('pkcs1')), now);
    const { payload, protectedHeader } = await jwtVerify(token, publicKey, { currentDate: new Date(now) });
    expect(protectedHeader).toEqual({ alg: 'RS256', typ: 'JWT' });
    const seconds = Math.floor(now / 1_000);
    expect(payload).toEqual({ iss: '4711', iat: seconds - 60, exp: seconds + 300 });
  });
});
