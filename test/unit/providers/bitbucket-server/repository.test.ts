import { parseRepositoryUrl } from '../../../../src/domain/pipeline/repository-url';
import { bitbucketServer } from '../../../../src/providers/bitbucket-server';
import { bitbucketNameOf } from '../../../../src/providers/bitbucket-server/repository';
import { trustedHosts } from '../../../../src/providers/rest/api-address';
import { accessWith } from '../../../support/api-access';
import { failureThrownBy } from '../../../support/classified-failure';

const signal = new AbortController().signal;

describe('the URL of a repository on Bitbucket Data Center', () => {
  it.each([
    ['https://h.example.com/scm/apps/fleet.git', 'apps', '', '/scm/apps/fleet.git'],
    ['https://h.example.com/scm/apps/fleet', 'apps', '', '/scm/apps/fleet.git'],
    ['https://h.example.com:8443/scm/APPS/fleet.git/', 'APPS', '', '/scm/APPS/fleet.git'],
    [
      'https://h.example.com/bitbucket/scm/apps/fleet.git',
      'apps',
      '/bitbucket',
      '/bitbucket/scm/apps/fleet.git',
    ],
    ['https://h.example.com/a/b/scm/scm/scm.git', 'scm', '/a/b', '/a/b/scm/scm/scm.git'],
    ['https://h.example.com/scm/~ada/fleet.git', '~ada', '', '/scm/~ada/fleet.git'],
    ['https://h.example.com/projects/APPS/repos/fleet', 'APPS', '', '/scm/APPS/fleet.git'],
    ['https://h.example.com/x/projects/APPS/repos/fleet', 'APPS', '/x', '/x/scm/APPS/fleet.git'],
    ['https://h.example.com/users/ada/repos/fleet', '~ada', '', '/scm/~ada/fleet.git'],
    ['https://h.example.com/projects/projects/repos/fleet', 'projects', '', '/scm/projects/fleet.git'],
  ])('%s', (url, project, root, git) => {
    const repository = parseRepositoryUrl(url);
    const { protocol, host, port } = repository;
    const origin = `${protocol}://${host}${port === undefined ? '' : `:${port}`}`;
    expect(bitbucketNameOf(repository)).toEqual({ project, slug: project === 'scm' ? 'scm' : 'fleet' });
    expect(bitbucketServer.apiUrlFor(repository)).toBe(`${origin}${root}/rest`);
    expect(bitbucketServer.gitUrlFor!(repository).href).toBe(`${origin}${git}`);
  });

  it.each(['ssh://git@h.example.com:7999/apps/fleet.git', 'git@h.example.com:apps/fleet.git'])(
    '%s is the same for Git, and its API is below https',
    (url) => {
      const repository = parseRepositoryUrl(url);
      expect(bitbucketNameOf(repository)).toEqual({ project: 'apps', slug: 'fleet' });
      expect(bitbucketServer.gitUrlFor!(repository)).toEqual(repository);
      expect(bitbucketServer.apiUrlFor(repository)).toBe('https://h.example.com/rest');
      expect(trustedHosts(bitbucketServer, repository)).toEqual(['h.example.com']);
    },
  );

  it.each([
    'https://h.example.com/apps/fleet.git',
    'https://h.example.com/scm/fleet.git',
    'https://h.example.com/scm/a%3Fb/fleet.git',
    'https://h.example.com/projects/APPS/repos/fleet/browse',
    'ssh://git@h.example.com:7999/fleet.git',
  ])('%s is none, and the sentence shows what one is', (url) => {
    const repository = parseRepositoryUrl(url);
    const failure = failureThrownBy(() => bitbucketNameOf(repository));
    expect(failure).toMatchObject({ code: 'invalid-pipeline', retryable: false });
    expect(failure.message).toContain('https://HOST/scm/PROJECT/NAME.git');
    expect(bitbucketServer.gitUrlFor!(repository)).toEqual(repository);
  });

  it.each([
    [undefined, 'https://h.example.com/rest'],
    ['https://h.example.com/bitbucket', 'https://h.example.com/bitbucket/rest'],
    ['https://h.example.com/bitbucket/rest/', 'https://h.example.com/bitbucket/rest'],
    ['https://h.example.com/bitbucket/rest/api/1.0', 'https://h.example.com/bitbucket/rest'],
    ['https://h.example.com/rest/api/latest/', 'https://h.example.com/rest'],
  ])('with the apiUrl %s has all its APIs below %s', async (apiUrl, root) => {
    const asked: Request[] = [];
    const provider = bitbucketServer.connect({
      repository: parseRepositoryUrl('ssh://git@h.example.com:7999/apps/fleet.git'),
      ...(apiUrl === undefined ? {} : { apiUrl }),
      access: accessWith('token', {
        fetch: (input, init) => {
          asked.push(new Request(input, init));
          return Promise.resolve(Response.json({ values: [], isLastPage: true }));
        },
      }),
    });
    await provider.requiresCheck('main', signal);
    expect(asked[0]!.url.split('?')[0]).toBe(
      `${root}/required-builds/latest/projects/apps/repos/fleet/conditions`,
    );
    expect(asked[0]!.headers.get('authorization')).toBe('Bearer token');
    expect(asked[0]!.headers.get('x-atlassian-token')).toBe('no-check');
  });

  it('has a token that Git sends as it is, without a user name', () => {
    expect(bitbucketServer.gitAccess({ token: 't', username: 'ada' })).toEqual({ bearerToken: 't' });
  });
});
