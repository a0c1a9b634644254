import { clientKey } from '../../../../src/api/webhook/client-address';

describe('the key under which a client is counted', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['192.0.2.1:4711', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::9]:4711', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('%s counts as %s', (address, key) => {
    expect(clientKey(address, '198.51.100.7')).toBe(key);
  });

  it.each([undefined, '', 'unknown', '_hidden', '999.1.1.1', '<script>'])(
    'falls back to the peer where a proxy says %j',
    (forwarded) => {
      expect(clientKey(forwarded, '198.51.100.7')).toBe('198.51.100.7');
    },
  );

  it('is one for all whose connection is gone already', () => {
    expect(clientKey(undefined, undefined)).toBe('unknown');
  });
});
