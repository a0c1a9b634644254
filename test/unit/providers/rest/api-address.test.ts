import { parseRepositoryUrl } from '../../../../src/domain/pipeline/repository-url';
import { type Outbound } from '../../../../src/http/outbound/outbound';
import { parseApiUrl, trustedHosts } from '../../../../src/providers/rest/api-address';
import { bitbucketCloud } from '../../../../src/providers/bitbucket-cloud';
import { gitea } from '../../../../src/providers/gitea';
import { github } from '../../../../src/providers/github';
import { gitlab } from '../../../../src/providers/gitlab';
import { accessWith } from '../../../support/api-access';
import { failureThrownBy } from '../../../support/classified-failure';

describe('where the API is', () => {
  it.each([
    [github, 'https://github.com/acme/apps', 'https://api.github.com'],
    [github, 'git@github.com:acme/apps.git', 'https://api.github.com'],
    [github, 'ssh://git@ssh.github.com:443/acme/apps.git', 'https://api.github.com'],
    [github, 'https://acme.ghe.com/acme/apps', 'https://api.acme.ghe.com'],
    [github, 'https://github.example.com/acme/apps', 'https://github.example.com/api/v3'],
    [github, 'https://github.example.com:8443/acme/apps', 'https://github.example.com:8443/api/v3'],
    [github, 'ssh://git@github.example.com:2222/acme/apps', 'https://github.example.com/api/v3'],
    [github, 'http://127.0.0.1:3000/acme/apps', 'http://127.0.0.1:3000/api/v3'],
    [github, 'https://notgithub.com/acme/apps', 'https://notgithub.com/api/v3'],
    [gitlab, 'https://gitlab.com/group/sub/apps.git', 'https://gitlab.com/api/v4'],
    [gitlab, 'ssh://git@altssh.gitlab.com:443/group/apps.git', 'https://gitlab.com/api/v4'],
    [gitlab, 'git@git.example.com:group/apps.git', 'https://git.example.com/api/v4'],
    [gitlab, 'https://git.example.com:8443/group/apps', 'https://git.example.com:8443/api/v4'],
    [bitbucketCloud, 'https://bitbucket.org/acme/apps', 'https://api.bitbucket.org/2.0'],
    [bitbucketCloud, 'git@bitbucket.org:acme/apps.git', 'https://api.bitbucket.org/2.0'],
    [bitbucketCloud, 'ssh://git@altssh.bitbucket.org:443/acme/apps', 'https://api.bitbucket.org/2.0'],
    [bitbucketCloud, 'http://127.0.0.1:3000/acme/apps', 'http://127.0.0.1:3000/2.0'],
    [gitea, 'https://codeberg.org/acme/apps.git', 'https://codeberg.org/api/v1'],
    [gitea, 'https://git.example.com:3000/acme/apps', 'https://git.example.com:3000/api/v1'],
    [gitea, 'https://example.com/git/forge/acme/apps', 'https://example.com/git/forge/api/v1'],
    [gitea, 'git@git.example.com:acme/apps.git', 'https://git.example.com/api/v1'],
    [gitea, 'ssh://git@git.example.com:2222/acme/apps', 'https://git.example.com/api/v1'],
  ])('of $type for %s: %s', (module, url, expected) => {
    expect(module.apiUrlFor(parseRepositoryUrl(url))).toBe(expected);
  });

  it('makes the repository vouch for its own host and for that', () => {
    expect(trustedHosts(github, parseRepositoryUrl('git@github.com:acme/apps.git'))).toEqual([
      'github.com',
      'api.github.com',
    ]);
    expect(trustedHosts(gitlab, parseRepositoryUrl('https://git.example.com:8443/group/apps'))).toEqual([
      'git.example.com:8443',
    ]);
  });

  it.each([
    'git.example.com/api/v4',
    'ssh://git.example.com',
    'https://user:canary@git.example.com/api/v4',
    'https://git.example.com/api/v4?private_token=canary',
    '',
  ])('is not %j', (text) => {
    const failure = failureThrownBy(() => parseApiUrl(text, '/api/v4'));
    expect(failure.code).toBe('invalid-pipeline');
    expect(failure.message).not.toContain('canary');
  });

  it.each([
    ['https://git.example.com/api/v4', 'https://git.example.com/api/v4/projects/group%2Fsub%2Fapps/'],
    ['https://git.example.com/api/v4/', 'https://git.example.com/api/v4/projects/group%2Fsub%2Fapps/'],
    ['https://git.example.com', 'https://git.example.com/api/v4/projects/group%2Fsub%2Fapps/'],
    ['https://example.com/git/api/v4', 'https://example.com/git/api/v4/projects/group%2Fsub%2Fapps/'],
  ])('of gitlab may be written %s', async (apiUrl, expected) => {
    const asked = await urlAskedFor((outbound) =>
      gitlab.connect({
        repository: parseRepositoryUrl('git@git.example.com:group/sub/apps.git'),
        apiUrl,
        access: accessWith('t', outbound),
      }),
    );
    expect(asked).toContain(`${expected}merge_requests?`);
  });

  it.each([
    ['https://git.example.com/api/v3', 'https://git.example.com/api/v3/repos/acme/apps/pulls?'],
    ['https://git.example.com/api/v3/', 'https://git.example.com/api/v3/repos/acme/apps/pulls?'],
    ['https://api.example.com', 'https://api.example.com/repos/acme/apps/pulls?'],
  ])('of github may be written %s', async (apiUrl, expected) => {
    const asked = await urlAskedFor((outbound) =>
      github.connect({
        repository: parseRepositoryUrl('git@git.example.com:acme/apps.git'),
        apiUrl,
        access: accessWith('t', outbound),
      }),
    );
    expect(asked).toContain(expected);
  });
});

describe('a repository that the API cannot name', () => {
  const outbound: Outbound = { fetch: () => Promise.reject(new Error('asked all the same')) };

  it.each(['acme', 'acme/apps/more', 'acme/a%20b'])('is %s on github', (path) => {
    const repository = parseRepositoryUrl(`https://github.com/${path}`);
    expect(
      failureThrownBy(() => github.connect({ repository, access: accessWith('t', outbound) })).code,
    ).toBe('invalid-pipeline');
  });

  it('is one without a group on gitlab', () => {
    const repository = parseRepositoryUrl('https://gitlab.com/apps');
    expect(
      failureThrownBy(() => gitlab.connect({ repository, access: accessWith('t', outbound) })).code,
    ).toBe('invalid-pipeline');
  });
});

/** The URL that a provider asks when it looks for a pull request. */
async function urlAskedFor(
  connect: (outbound: Outbound) => ReturnType<typeof github.connect>,
): Promise<string> {
  const asked: string[] = [];
  const provider = connect({
    fetch: (input) => {
      asked.push(input instanceof Request ? input.url : String(input));
      return Promise.resolve(Response.json([]));
    },
  });
  await provider.findOpen({ head: 'promotion', base: 'main' }, new AbortController().signal);
  return asked.join();
}
