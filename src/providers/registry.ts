import { type ProviderType } from '../domain/pipeline/pipeline';
import { azureDevops } from './azure-devops';
import { bitbucketCloud } from './bitbucket-cloud';
import { bitbucketServer } from './bitbucket-server';
import { gitea } from './gitea';
import { github } from './github';
import { gitlab } from './gitlab';
import { type ProviderModule } from './port';

/** The supported providers: one folder each. */
export const providers: Readonly<Record<ProviderType, ProviderModule>> = {
  github,
  gitlab,
  'bitbucket-server': bitbucketServer,
  'bitbucket-cloud': bitbucketCloud,
  gitea,
  'azure-devops': azureDevops,
};

export function providerOf(type: ProviderType): ProviderModule {
  return providers[type];
}
