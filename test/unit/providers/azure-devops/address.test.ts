import { parseRepositoryUrl } from '../../../../src/domain/pipeline/repository-url';
import { azureDevops } from '../../../../src/providers/azure-devops';
import { azureRepositoryAt } from '../../../../src/providers/azure-devops/address';
import { trustedHosts } from '../../../../src/providers/rest/api-address';
import { failureThrownBy } from '../../../support/classified-failure';

const services = 'https://dev.azure.com/acme';
const older = 'https://acme.visualstudio.com';
const server = 'https://tfs.example.com';

describe('where Azure DevOps has a repository', () => {
  it.each([
    ['https://dev.azure.com/acme/fleet/_git/apps', services, 'fleet', 'apps'],
    ['https://acme@dev.azure.com/acme/fleet/_git/apps', services, 'fleet', 'apps'],
    ['https://dev.azure.com/acme/_git/fleet', services, 'fleet', 'fleet'],
    ['https://dev.azure.com/acme/My%20Fleet/_git/our%20apps', services, 'My Fleet', 'our apps'],
    ['git@ssh.dev.azure.com:v3/acme/My%20Fleet/our%20apps', services, 'My Fleet', 'our apps'],
    ['ssh://git@ssh.dev.azure.com:22/v3/acme/fleet/apps', services, 'fleet', 'apps'],
    ['https://acme.visualstudio.com/fleet/_git/apps', older, 'fleet', 'apps'],
    ['https://acme.visualstudio.com/_git/fleet', older, 'fleet', 'fleet'],
    [
      'https://acme.visualstudio.com/DefaultCollection/fleet/_git/apps',
      `${older}/DefaultCollection`,
      'fleet',
      'apps',
    ],
    [
      'https://acme.visualstudio.com/DefaultCollection/_git/fleet',
      `${older}/DefaultCollection`,
      'fleet',
      'fleet',
    ],
    ['acme@vs-ssh.visualstudio.com:v3/acme/fleet/apps', older, 'fleet', 'apps'],
    ['https://tfs.example.com/Main/fleet/_git/apps', `${server}/Main`, 'fleet', 'apps'],
    ['https://tfs.example.com/Main/_git/fleet', `${server}/Main`, 'fleet', 'fleet'],
    ['https://tfs.example.com:8443/tfs/Main/fleet/_git/apps', `${server}:8443/tfs/Main`, 'fleet', 'apps'],
    ['https://tfs.example.com/tfs/Main/_git/fleet', `${server}/tfs/Main`, 'fleet', 'fleet'],
    ['https://tfs.example.com/devops/Main/fleet/_git/apps', `${server}/devops/Main`, 'fleet', 'apps'],
    ['ssh://tfs.example.com:22/tfs/Main/fleet/_git/apps', `${server}/tfs/Main`, 'fleet', 'apps'],
  ])('%s is at %s in %s', (url, apiUrl, project, name) => {
    const repository = parseRepositoryUrl(url);
    expect(azureDevops.apiUrlFor(repository)).toBe(apiUrl);
    expect(azureRepositoryAt(repository, apiUrl)).toMatchObject({ project, name });
  });

  it.each([
    ['https://acme@dev.azure.com/acme/My%20Fleet/_git/apps', `${services}/My%20Fleet/_git/apps`],
    ['git@ssh.dev.azure.com:v3/acme/My%20Fleet/apps', `${services}/My%20Fleet/_git/apps`],
    ['acme@vs-ssh.visualstudio.com:v3/acme/fleet/apps', `${older}/fleet/_git/apps`],
    ['https://tfs.example.com:8443/tfs/Main/_git/fleet', `${server}:8443/tfs/Main/_git/fleet`],
  ])('the page of %s is %s', (url, page) => {
    const repository = parseRepositoryUrl(url);
    expect(azureRepositoryAt(repository, azureDevops.apiUrlFor(repository)).webUrl).toBe(page);
  });

  it('below a context path is told by apiUrl, where the project is left out', () => {
    const repository = parseRepositoryUrl('https://tfs.example.com/devops/Main/_git/fleet');
    expect(azureRepositoryAt(repository, `${server}/devops/Main`).project).toBe('fleet');
    expect(azureRepositoryAt(repository, `${server}/devops`).project).toBe('Main');
  });

  it('on a host with a name that every object has a property of is found as on any other', () => {
    const repository = parseRepositoryUrl('ssh://git@constructor/tfs/Main/fleet/_git/apps');
    expect(azureDevops.apiUrlFor(repository)).toBe('https://constructor/tfs/Main');
  });

  it('is not told by an apiUrl that cannot be decoded', () => {
    const repository = parseRepositoryUrl('https://tfs.example.com/devops/Main/_git/fleet');
    const failure = failureThrownBy(() => azureRepositoryAt(repository, `${server}/dev%zzops`));
    expect(failure).toMatchObject({ code: 'invalid-pipeline', retryable: false });
    expect(failure.message).toContain('apiUrl');
  });

  it.each([
    'https://dev.azure.com/acme/fleet/apps',
    'https://dev.azure.com/_git/apps',
    'https://dev.azure.com/acme/fleet/more/_git/apps',
    'https://dev.azure.com/acme/fleet/_git',
    'https://tfs.example.com/tfs/_git/apps',
    'git@ssh.dev.azure.com:v3/acme/apps',
    'git@ssh.dev.azure.com:acme/fleet/apps',
    'ssh://git@constructor/acme/fleet/apps',
  ])('%s is none', (url) => {
    const failure = failureThrownBy(() => azureDevops.apiUrlFor(parseRepositoryUrl(url)));
    expect(failure).toMatchObject({ code: 'invalid-pipeline' });
    expect(failure.message).toContain('_git');
  });

  it.each([
    ['https://dev.azure.com/acme/fleet/_git/apps.git', 'https://dev.azure.com/acme/fleet/_git/apps'],
    ['https://dev.azure.com/acme/My%20Fleet/_git/apps/', 'https://dev.azure.com/acme/My%20Fleet/_git/apps'],
    ['https://acme@dev.azure.com/acme/fleet/_git/apps', 'https://dev.azure.com/acme/fleet/_git/apps'],
    ['git@ssh.dev.azure.com:v3/acme/fleet/apps', 'ssh://git@ssh.dev.azure.com/v3/acme/fleet/apps'],
  ])('Git is given %s as %s', (url, href) => {
    expect(azureDevops.gitUrlFor?.(parseRepositoryUrl(url)).href).toBe(href);
  });

  it.each([
    ['https://dev.azure.com/acme/fleet/_git/apps', ['dev.azure.com', 'vssps.dev.azure.com']],
    [
      'git@ssh.dev.azure.com:v3/acme/fleet/apps',
      ['ssh.dev.azure.com', 'dev.azure.com', 'vssps.dev.azure.com'],
    ],
    [
      'https://acme.visualstudio.com/fleet/_git/apps',
      ['acme.visualstudio.com', 'acme.vssps.visualstudio.com'],
    ],
    ['https://tfs.example.com:8443/Main/fleet/_git/apps', ['tfs.example.com:8443']],
  ])('the token of %s may go to %j', (url, hosts) => {
    expect(trustedHosts(azureDevops, parseRepositoryUrl(url))).toEqual(hosts);
  });
});
