import { isForbiddenHost } from '../../../../src/domain/network/forbidden-hosts';
import { isLoopbackHost } from '../../../../src/domain/network/loopback';

const hostnameOf = (host: string): string => new URL(`http://${host}/`).hostname;

describe('hosts that nothing is ever sent to', () => {
  it.each([
    '169.254.169.254',
    '169.254.0.1',
    '2852039166', // 169.254.169.254 as one number
    '0xa9.0xfe.0xa9.0xfe',
    '0251.0376.0251.0376',
    '[fe80::1]',
    '[febf::1]',
    '[::ffff:169.254.169.254]',
    '[64:ff9b::169.254.169.254]',
    '[2002:a9fe:a9fe::1]',
    '[::ffff:a9fe:a9fe]',
    '[::169.254.169.254]',
    '[::ffff:0:169.254.169.254]',
    '[64:ff9b:1::169.254.169.254]',
    '[fd00:ec2::254]',
    '[fd00:ec2::23]',
    '[::ffff:100.100.100.200]',
    '169.254.0.23',
    '169.254.169.254.',
    '192.0.0.192',
    'metadata.tencentyun.com',
    'metadata.tencentyun.com.',
    'metadata.azure.internal',
    '[fd20:ce::254]',
    '100.100.100.200',
    '168.63.129.16',
    'metadata.google.internal',
    'METADATA.google.internal.',
    'metadata',
  ])('%s', (host) => {
    expect(isForbiddenHost(hostnameOf(host))).toBe(true);
  });
});

describe('hosts that may be allowed', () => {
  it.each([
    'github.com',
    'git.example.internal',
    '127.0.0.1',
    '10.0.0.1',
    '192.168.1.1',
    '[::1]',
    '[fd00::1]',
    '[64:ff9b::10.0.0.1]',
    '[::ffff:10.0.0.1]',
    'metadata.example.com',
  ])('%s', (host) => {
    expect(isForbiddenHost(hostnameOf(host))).toBe(false);
  });
});

describe('this machine', () => {
  it.each(['localhost', 'LOCALHOST', '127.0.0.1', '127.9.9.9', '[::1]', '[::ffff:127.0.0.1]', '2130706433'])(
    'is %s',
    (host) => {
      expect(isLoopbackHost(hostnameOf(host))).toBe(true);
    },
  );

  it.each(['localhost.example.com', '10.0.0.1', '0.0.0.0', '[::]', 'github.com', '127.0.0.1.example.com'])(
    'is not %s',
    (host) => {
      expect(isLoopbackHost(hostnameOf(host))).toBe(false);
    },
  );
});
