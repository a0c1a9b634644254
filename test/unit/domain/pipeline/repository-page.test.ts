import { type ProviderType } from '../../../../src/domain/pipeline/pipeline';
import { repositoryPageFault } from '../../../../src/domain/pipeline/repository-page';
import { parseRepositoryUrl } from '../../../../src/domain/pipeline/repository-url';

const faultOf = (type: ProviderType, url: string) => repositoryPageFault(type, parseRepositoryUrl(url));

it.each([
  ['github', 'https://github.com/example/fleet'],
  ['github', 'git@github.com:example/fleet.git'],
  ['gitlab', 'https://gitlab.com/group/sub/fleet.git'],
  ['gitlab', 'https://gitlab.com/group/sub/src'],
  ['gitlab', 'https://git.example.com/gitlab/group/fleet.git'],
  ['gitlab', 'https://gitlab.com/tree/blob'],
  ['bitbucket-server', 'https://bitbucket.example.com/scm/apps/fleet.git'],
  ['bitbucket-server', 'https://git.example.com/bitbucket/scm/~ada/fleet.git'],
  ['bitbucket-server', 'https://git.example.com/scm/scm/scm.git'],
  ['bitbucket-server', 'https://git.example.com/bitbucket/projects/APPS/repos/fleet'],
  ['bitbucket-server', 'https://git.example.com/users/ada/repos/fleet'],
  ['bitbucket-server', 'ssh://git@git.example.com:7999/apps/fleet.git'],
  ['bitbucket-cloud', 'ssh://git@altssh.bitbucket.org:443/team/fleet.git'],
  ['azure-devops', 'https://dev.azure.com/acme/project/_git/src'],
  ['azure-devops', 'https://dev.azure.com/acme/_git/src'],
  ['azure-devops', 'git@ssh.dev.azure.com:v3/acme/project/src'],
  ['azure-devops', 'https://acme.visualstudio.com/_git/src'],
  ['azure-devops', 'ssh://tfs.example.com:22/tfs/Main/project/_git/src'],
  ['azure-devops', 'https://tfs.example.com:8443/tfs/Main/project/_git/src'],
  ['gitea', 'https://git.example.com/gitea/owner/src'],
] as const)('%s: %s can be a repository', (type, url) => {
  expect(faultOf(type, url)).toBeUndefined();
});

it.each([
  ['github', 'https://github.com/example/fleet/tree/main', 'example/fleet'],
  ['github', 'https://github.com/example/fleet/pull/7', 'example/fleet'],
  ['gitlab', 'https://gitlab.com/group/sub/fleet/-/tree/main', 'group/sub/fleet'],
  ['gitlab', 'https://gitlab.com/group/fleet/tree/main', 'group/fleet'],
  ['gitlab', 'https://gitlab.com/group/fleet/-/merge_requests', 'group/fleet'],
  ['gitea', 'https://git.example.com/owner/fleet/src/branch/main', 'owner/fleet'],
  ['gitea', 'https://git.example.com/owner/fleet/pulls/7', 'owner/fleet'],
  ['azure-devops', 'https://dev.azure.com/acme/a/_git/fleet/pullrequests', 'acme/a/_git/fleet'],
  ['azure-devops', 'https://dev.azure.com/acme/a/_git/fleet/pullrequest/7', 'acme/a/_git/fleet'],
  ['azure-devops', 'https://acme.visualstudio.com/a/_git/fleet/branches', 'a/_git/fleet'],
  ['azure-devops', 'git@ssh.dev.azure.com:v3/acme/a/fleet/tree', 'v3/acme/a/fleet'],
  ['bitbucket-cloud', 'https://bitbucket.org/team/fleet/src/main/', 'team/fleet'],
  ['bitbucket-server', 'https://git.example.com/projects/A/repos/fleet/browse', 'projects/A/repos/fleet'],
  ['bitbucket-server', 'https://git.example.com/x/users/ada/repos/f/pull-requests/7', 'x/users/ada/repos/f'],
  ['bitbucket-server', 'https://git.example.com/scm/apps/fleet/info/refs', 'scm/apps/fleet'],
] as const)('%s: %s leads to a page', (type, url, repository) => {
  expect(faultOf(type, url)).toContain(`end it after ${repository}.`);
});

it.each([
  ['https://bitbucket.example.com/apps/fleet.git', 'scm/PROJECT/NAME'],
  ['https://bitbucket.example.com/scm/fleet', 'scm/PROJECT/NAME'],
  ['https://bitbucket.example.com/projects/APPS/repos', 'scm/PROJECT/NAME'],
  ['ssh://git@bitbucket.example.com:7999/fleet.git', 'PROJECT/NAME'],
  ['ssh://git@bitbucket.example.com:7999/scm/apps/fleet.git', 'PROJECT/NAME'],
])('bitbucket-server: %s names no repository', (url, path) => {
  expect(faultOf('bitbucket-server', url)).toContain(`its path must be ${path}.`);
});

it.each([
  ['https://dev.azure.com/acme/fleet', 'organization/project/_git/name'],
  ['https://dev.azure.com/acme/fleet/_git', 'organization/project/_git/name'],
  ['https://acme.visualstudio.com/fleet', 'organization/project/_git/name'],
  ['https://tfs.example.com/tfs/Main/fleet', 'organization/project/_git/name'],
  ['git@ssh.dev.azure.com:v3/acme/fleet', 'v3/organization/project/name'],
  ['git@ssh.dev.azure.com:acme/fleet/_git/apps', 'v3/organization/project/name'],
])('azure-devops: %s names no repository', (url, path) => {
  expect(faultOf('azure-devops', url)).toContain(`its path must be ${path}.`);
});

it.each(['github', 'gitlab', 'bitbucket-cloud', 'gitea'] as const)(
  '%s: a path of one step names no repository',
  (type) => {
    expect(faultOf(type, 'https://git.example.com/fleet')).toContain('owner/name');
  },
);
