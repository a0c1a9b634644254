import { formatBindAddress, parseBindAddress } from '../../../../src/http/serving/bind-address';

describe('an address as Go writes it', () => {
  it.each([
    [':8082', { port: 8082 }],
    ['127.0.0.1:0', { host: '127.0.0.1', port: 0 }],
    ['localhost:65535', { host: 'localhost', port: 65_535 }],
    ['[::1]:80', { host: '::1', port: 80 }],
    ['[fe80::1%eth0]:80', { host: 'fe80::1%eth0', port: 80 }],
  ])('%s is read, and written back alike', (text, address) => {
    expect(parseBindAddress(text)).toEqual(address);
    expect(formatBindAddress(address)).toBe(text);
  });

  it.each([
    '',
    '8082',
    ':',
    ':http',
    ':65536',
    '::1:80',
    '[::1]',
    '[::1',
    'host:80:81',
    '[nonsense!]:80',
    ':-1',
    ':8e3',
  ])('%j is none', (text) => {
    expect(parseBindAddress(text)).toBeUndefined();
  });
});
