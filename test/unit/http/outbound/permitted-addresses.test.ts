import { permittedAddresses } from '../../../../src/http/outbound/permitted-addresses';

const reach = { loopback: false, privateNetworks: false, allowedHosts: ['git.internal.example'] };

const resolvesTo =
  (...addresses: string[]) =>
  () =>
    Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));

it.each([
  ['is a metadata address itself', '169.254.169.254', resolvesTo()],
  ['resolves to one', 'git.example.org', resolvesTo('169.254.169.254')],
  ['resolves to one among others', 'git.example.org', resolvesTo('192.0.2.1', 'fe80::1')],
  ['resolves to one in IPv6 spelling', 'git.example.org', resolvesTo('::ffff:169.254.169.254')],
  ['is this machine', 'localhost', resolvesTo()],
  ['is this machine, with the dot of the root', 'localhost.', resolvesTo()],
  ['is an address of this machine', '[::ffff:127.0.0.1]', resolvesTo()],
  ['resolves to this machine', 'git.example.org', resolvesTo('127.0.0.1')],
  ['resolves to every address of this machine', 'git.example.org', resolvesTo('0.0.0.0')],
  ['resolves into a private network', 'git.example.org', resolvesTo('10.1.2.3')],
  ['resolves into a private network in IPv6 spelling', 'git.example.org', resolvesTo('::ffff:192.168.0.1')],
  ['resolves into a private IPv6 network', 'git.example.org', resolvesTo('fd12::1')],
  ['the operator names, at a metadata address', 'git.internal.example', resolvesTo('169.254.169.254')],
])('a host that %s is refused', async (_, host, resolve) => {
  await expect(permittedAddresses(host, reach, resolve)).rejects.toMatchObject({ code: 'host-not-allowed' });
});

it.each([
  ['resolves to ordinary addresses', resolvesTo('192.0.2.1', '2001:db8::1'), ['192.0.2.1', '2001:db8::1']],
  ['does not resolve', () => Promise.reject(new Error('ENOTFOUND')), []],
])('of a host that %s these are known', async (_, resolve, addresses) => {
  await expect(permittedAddresses('git.example.org', reach, resolve)).resolves.toEqual(addresses);
});

it('a host that the operator names may be in a private network, or on this machine', async () => {
  const addresses = ['10.1.2.3', '127.0.0.1'];
  await expect(permittedAddresses('git.internal.example', reach, resolvesTo(...addresses))).resolves.toEqual(
    addresses,
  );
});

it('this machine may be called only where Pipelines are its own', async () => {
  const elsewhere = { ...reach, privateNetworks: true };
  await expect(
    permittedAddresses('git.example.org', elsewhere, resolvesTo('127.0.0.1')),
  ).rejects.toMatchObject({
    code: 'host-not-allowed',
    message: expect.stringContaining('--allowed-hosts'),
  });
  await expect(
    permittedAddresses('git.example.org', { ...elsewhere, loopback: true }, resolvesTo('127.0.0.1')),
  ).resolves.toEqual(['127.0.0.1']);
});

it('a private network may be called unless it is refused', async () => {
  await expect(
    permittedAddresses('10.1.2.3', { ...reach, privateNetworks: true }, resolvesTo('10.1.2.3')),
  ).resolves.toEqual(['10.1.2.3']);
});
