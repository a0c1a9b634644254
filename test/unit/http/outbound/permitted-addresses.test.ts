import { permittedAddresses } from '../../../../src/http/outbound/permitted-addresses';

const resolvesTo =
  (...addresses: string[]) =>
  () =>
    Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));

it.each([
  ['is a metadata address itself', '169.254.169.254', resolvesTo()],
  ['resolves to one', 'git.example.org', resolvesTo('169.254.169.254')],
  ['resolves to one among others', 'git.example.org', resolvesTo('192.0.2.1', 'fe80::1')],
  ['resolves to one in IPv6 spelling', 'git.example.org', resolvesTo('::ffff:169.254.169.254')],
])('a host that %s is refused', async (_, host, resolve) => {
  await expect(permittedAddresses(host, resolve)).rejects.toMatchObject({ code: 'host-not-allowed' });
});

it.each([
  ['resolves to ordinary addresses', resolvesTo('192.0.2.1', '2001:db8::1'), ['192.0.2.1', '2001:db8::1']],
  ['does not resolve', () => Promise.reject(new Error('ENOTFOUND')), []],
])('of a host that %s these are known', async (_, resolve, addresses) => {
  await expect(permittedAddresses('git.example.org', resolve)).resolves.toEqual(addresses);
});
