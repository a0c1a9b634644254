import { createHmac } from 'node:crypto';
import { ClaimTooLong, createCapabilities, longestToken } from '../../../src/capability/create-capabilities';
import { type CapabilityKeys } from '../../../src/capability/capability-keys';
import { type Claim } from '../../../src/domain/capability/claim';
import { alice, capabilitiesWith, testKey } from '../../support/capability';

const claim: Claim = {
  kind: 'approve',
  promotion: 'promotion/apps/shop/prod/1.1.0/0123456789ab',
  version: '1.1.0',
  head: 'a'.repeat(40),
  actor: alice,
  at: 1_700_000_000_000,
};
const tokenOf = (payload: unknown, { id, key } = testKey('a')): string => {
  const signed = `wl1.${id}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}`;
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
};

it('verifies what it signed, as it was', () => {
  const capabilities = capabilitiesWith();
  const token = capabilities.sign(claim);
  expect(token).toMatch(/^wl1\.a\.[\w-]+\.[\w-]+$/);
  expect(capabilities.verify(token)).toEqual(claim);
});

it('verifies no token of which a byte is another one', () => {
  const capabilities = capabilitiesWith();
  const token = capabilities.sign(claim);
  const passed = [...token].flatMap((character, at) =>
    ['A', 'B', '_', '.', '\n', 'é'].flatMap((other) => {
      const changed = token.slice(0, at) + other + token.slice(at + 1);
      return other !== character && capabilities.verify(changed) !== undefined ? [changed] : [];
    }),
  );
  expect(passed).toEqual([]);
});

it('verifies the one spelling of its MAC: the last digit has two bits that decode to nothing', () => {
  const capabilities = capabilitiesWith();
  const token = capabilities.sign(claim);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const passing = [...alphabet].filter(
    (last) => capabilities.verify(token.slice(0, -1) + last) !== undefined,
  );
  expect(passing).toEqual([token.at(-1)]);
});

it.each([
  ['of another key', tokenOf(claim, testKey('a', 2))],
  ['of a key that is not known', tokenOf(claim, testKey('b'))],
  ['that is empty', ''],
  ['with another prefix', tokenOf(claim).replace('wl1', 'wl2')],
  ['with more behind it', `${tokenOf(claim)}.x`],
  ['with white space', `${tokenOf(claim)} `],
  ['that is too long', tokenOf({ ...claim, head: 'a'.repeat(longestToken) })],
  ['of a kind that this version does not know', tokenOf({ ...claim, kind: 'merge' })],
  ['of a claim without a version', tokenOf({ ...claim, version: undefined })],
  ['of no claim', tokenOf('approve')],
])('verifies no token %s', (_what, token) => {
  expect(capabilitiesWith().verify(token)).toBeUndefined();
});

it('signs with the first key, and verifies what the others signed, until they are removed', () => {
  let keys: CapabilityKeys = { keys: [testKey('old', 1)] };
  const capabilities = createCapabilities(() => keys);
  const old = capabilities.sign(claim);
  keys = { keys: [testKey('new', 2), testKey('old', 1)] };
  expect(capabilities.sign(claim)).toMatch(/^wl1\.new\./);
  expect(capabilities.verify(old)).toEqual(claim);
  keys = { keys: [testKey('new', 2)] };
  expect(capabilities.verify(old)).toBeUndefined();
});

it('signs for a person in 200 groups, and says so where the list is too long', () => {
  const inGroups = (length: number): Claim => ({
    ...claim,
    actor: { ...alice, groups: Array.from({ length }, (_, i) => `oidc:00000000-0000-0000-0000-${1e9 + i}`) },
  });
  const capabilities = capabilitiesWith();
  expect(capabilities.verify(capabilities.sign(inGroups(200)))).toEqual(inGroups(200));
  expect(() => capabilities.sign(inGroups(900))).toThrow(ClaimTooLong);
});
