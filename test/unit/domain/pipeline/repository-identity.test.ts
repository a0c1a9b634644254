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
  ['https://tfs.example.com/tfs/Main/fleet/_git/apps', 'tfs.example.com/tfs/main/fleet/_git/apps'],
  ['git@git.example.com:v3/acme/fleet/apps.git', 'git.example.com/v3/acme/fleet/apps'],
  ['git@ssh.github.com:acme/fleet.git', 'github.com/acme/fleet'],
])('%s is %s', (url, identity) => {
  expect(identityOf(url)).toBe(identity);
});
