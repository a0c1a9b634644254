import { WindlassError } from '../../../../src/domain/errors';
import { parseRepositoryUrl, readRepositoryUrl } from '../../../../src/domain/pipeline/repository-url';

describe("a repository's URL", () => {
  it.each([
    [
      'https://github.com/acme/shop.git',
      { protocol: 'https', host: 'github.com', path: 'acme/shop', href: 'https://github.com/acme/shop.git' },
    ],
    [
      'https://GitLab.example.com:8443/group/sub/shop/',
      {
        protocol: 'https',
        host: 'gitlab.example.com',
        port: 8443,
        path: 'group/sub/shop',
        href: 'https://gitlab.example.com:8443/group/sub/shop/',
      },
    ],
    [
      'http://127.0.0.1:3000/acme/shop',
      {
        protocol: 'http',
        host: '127.0.0.1',
        port: 3000,
        path: 'acme/shop',
        href: 'http://127.0.0.1:3000/acme/shop',
      },
    ],
    [
      'https://dev.azure.com/acme/My%20Project/_git/shop',
      {
        protocol: 'https',
        host: 'dev.azure.com',
        path: 'acme/My Project/_git/shop',
        href: 'https://dev.azure.com/acme/My%20Project/_git/shop',
      },
    ],
    [
      'ssh://deploy@Git.Example.com:2222/acme/shop.git',
      {
        protocol: 'ssh',
        host: 'git.example.com',
        port: 2222,
        sshUser: 'deploy',
        path: 'acme/shop',
        href: 'ssh://deploy@git.example.com:2222/acme/shop.git',
      },
    ],
    [
      'ssh://git.example.com/~acme/shop',
      {
        protocol: 'ssh',
        host: 'git.example.com',
        sshUser: 'git',
        path: '~acme/shop',
        href: 'ssh://git@git.example.com/~acme/shop',
      },
    ],
    [
      'git@github.com:acme/shop.git',
      {
        protocol: 'ssh',
        host: 'github.com',
        sshUser: 'git',
        path: 'acme/shop',
        href: 'ssh://git@github.com/acme/shop.git',
      },
    ],
    [
      'git.example.com:/srv/shop.git',
      {
        protocol: 'ssh',
        host: 'git.example.com',
        sshUser: 'git',
        path: 'srv/shop',
        href: 'ssh://git@git.example.com/srv/shop.git',
      },
    ],
    [
      'git@[2001:db8::1]:acme/shop.git',
      {
        protocol: 'ssh',
        host: '[2001:db8::1]',
        sshUser: 'git',
        path: 'acme/shop',
        href: 'ssh://git@[2001:db8::1]/acme/shop.git',
      },
    ],
    [
      'git@github.com:2222/shop',
      {
        protocol: 'ssh',
        host: 'github.com',
        sshUser: 'git',
        path: '2222/shop',
        href: 'ssh://git@github.com/2222/shop',
      },
    ],
    [
      'https://ada@bitbucket.org/acme/shop.git',
      {
        protocol: 'https',
        host: 'bitbucket.org',
        path: 'acme/shop',
        href: 'https://bitbucket.org/acme/shop.git',
      },
    ],
  ])('%s is understood', (text, expected) => {
    expect(parseRepositoryUrl(text)).toEqual(expected);
  });

  it.each([
    ['https://s3cret@github.com/acme/shop', 'credentials'],
    ['https://user:s3cret@github.com/acme/shop', 'credentials'],
    ['https://ada:s3cret@bitbucket.org/acme/shop', 'credentials'],
    ['https://x-token-auth:s3cret@bitbucket.org/acme/shop', 'credentials'],
    ['https://ATCTT3xs3cret@bitbucket.org/acme/shop', 'credentials'],
    ['https://s3cret45678901234567890123456789@bitbucket.org/acme/shop', 'credentials'],
    ['http://s3cret@bitbucket.org/acme/shop', 'credentials'],
    ['https://s3cret@bitbucket.org.example.com/acme/shop', 'credentials'],
    ['ssh://git:s3cret@github.com/acme/shop', 'credentials'],
    ['user:s3cret@github.com:acme/shop', 'credentials'],
    ['https://github.com/acme/shop?token=s3cret', 'query'],
    ['https://github.com/acme/shop#s3cret', 'fragment'],
    ['file:///etc/s3cret', 'scheme file'],
    ['git://github.com/acme/s3cret', 'scheme git'],
    ['ext::sh -c s3cret', 'space'],
    ['ext::s3cret', 'scheme ext'],
    ['/srv/s3cret.git', 'cannot be parsed'],
    ['github.com/acme/s3cret', 'cannot be parsed'],
    ['', 'cannot be parsed'],
    ['https://github.com', 'has no host or no path'],
    ['https://github.com/.git', 'has no host or no path'],
    ['ssh:///acme/s3cret', 'has no host or no path'],
    ['https://github.com/acme%2F..%2F..%2Fuser/s3cret', 'path'],
    ['https://github.com/acme//s3cret', 'path'],
    ['https://github.com/acme/%00s3cret', 'path'],
    ['https://github.com/acme/%s3cret', 'path'],
    ['https://github.com\\@evil.example/acme/s3cret', 'backslash'],
    ['https://github.com/acme/s3cret\nHost: evil', 'control character'],
    ['git@-oProxyCommand=s3cret:acme/shop', 'cannot be parsed'],
    ['git@-oProxyCommand:acme/s3cret', 'host name'],
    ['ssh://-oProxyCommand=s3cret/acme/shop', 'host name'],
    ['ssh://-oProxyCommand=s3cret@host/acme/shop', 'user name'],
    ['-oProxyCommand=s3cret@host:acme/shop', 'user name'],
    ['ssh://git@h%20st/acme/s3cret', 'host name'],
  ])('%s is refused without being repeated', (text, because) => {
    const reading = readRepositoryUrl(text);
    expect(reading).toEqual({ ok: false, fault: expect.stringContaining(because) });
    expect(JSON.stringify(reading)).not.toContain('s3cret');
    expect(() => parseRepositoryUrl(text)).toThrow(WindlassError);
  });
});
