import { leadsToForbiddenHost } from '../../../../src/http/outbound/forbidden-names';

const resolvesTo =
  (...addresses: string[]) =>
  () =>
    Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));

it.each([
  ['is a metadata address itself', '169.254.169.254', resolvesTo()],
  ['resolves to one', 'git.example.org', resolvesTo('169.254.169.254')],
  ['resolves to one among others', 'git.example.org', resolvesTo('192.0.2.1', 'fe80::1')],
])('a host that %s is forbidden', async (_, host, resolve) => {
  await expect(leadsToForbiddenHost(host, resolve)).resolves.toBe(true);
});

it.each([
  ['resolves to an ordinary address', resolvesTo('192.0.2.1')],
  ['does not resolve', () => Promise.reject(new Error('ENOTFOUND'))],
])('a host that %s is not', async (_, resolve) => {
  await expect(leadsToForbiddenHost('git.example.org', resolve)).resolves.toBe(false);
});
