import { repositoryIdentity } from '../../../../src/domain/pipeline/repository-identity';
import { parseRepositoryUrl } from '../../../../src/domain/pipeline/repository-url';

const identityOf = (url: string): string => repositoryIdentity(parseRepositoryUrl(url));

it.each([
  'https://dev.azure.com/Acme/Fleet/_git/apps',
  'https://acme@dev.azure.com/acme/fleet/_git/apps',
  'https://acme.visualstudio.com/fleet/_git/apps',
  'https://acme.visualstudio.com/DefaultCollection/fleet/_git/apps',
  'git@ssh.dev.azure.com:v3/acme/fleet/apps',
  'acme@vs-ssh.visualstudio.com:v3/acme/fleet/apps',
])('%s is one and the same repository', (url) => {
  expect(identityOf(url)).toBe('dev.azure.com/acme/fleet/_git/apps');
});

it('is the same where the project has the name of its repository and is left out', () => {
  expect(identityOf('https://dev.azure.com/acme/_git/fleet')).toBe('dev.azure.com/acme/fleet/_git/fleet');
  expect(identityOf('https://acme.visualstudio.com/_git/fleet')).toBe(
    identityOf('git@ssh.dev.azure.com:v3/acme/fleet/fleet'),
  );
});

it.each([
  'https://git.example.com/scm/APPS/fleet.git',
  'https://git.example.com:8443/bitbucket/scm/apps/fleet.git',
  'https://git.example.com/projects/APPS/repos/fleet',
  'https://git.example.com/bitbucket/projects/APPS/repos/fleet',
  'ssh://git@git.example.com:7999/apps/fleet.git',
])('%s is the same repository of a Bitbucket Data Center', (url) => {
  expect(identityOf(url)).toBe('git.example.com/apps/fleet');
});

it.each([
  'https://git.example.com/scm/~ada/fleet.git',
  'https://git.example.com/users/ada/repos/fleet',
  'https://git.example.com/projects/~ADA/repos/fleet',
  'ssh://git@git.example.com:7999/~ada/fleet.git',
])('%s is the same repository of a user of a Bitbucket Data Center', (url) => {
  expect(identityOf(url)).toBe('git.example.com/~ada/fleet');
});

it.each([
  ['https://tfs.example.com/tfs/Main/scm/_git/apps', 'tfs.example.com/tfs/main/scm/_git/apps'],
  ['https://git.example.com/scm/fleet.git', 'git.example.com/scm/fleet'],
  ['https://git.example.com/scm/scm/scm.git', 'git.example.com/scm/scm'],
  ['https://tfs.example.com/tfs/Main/fleet/_git/apps', 'tfs.example.com/tfs/main/fleet/_git/apps'],
  ['git@git.example.com:v3/acme/fleet/apps.git', 'git.example.com/v3/acme/fleet/apps'],
  ['git@ssh.github.com:acme/fleet.git', 'github.com/acme/fleet'],
])('%s is %s', (url, identity) => {
  expect(identityOf(url)).toBe(identity);
});
