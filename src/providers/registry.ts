import { WindlassError } from '../domain/errors';
import { type ProviderType } from '../domain/pipeline/pipeline';
import { bitbucketServer } from './bitbucket-server';
import { bitbucketCloud } from './bitbucket-cloud';
import { gitea } from './gitea';
import { github } from './github';
import { gitlab } from './gitlab';
import { type ProviderModule } from './port';

/** The supported providers: one folder each. */
export const providers: Readonly<Partial<Record<ProviderType, ProviderModule>>> = {
  github,
  gitlab,
  'bitbucket-server': bitbucketServer,
  'bitbucket-cloud': bitbucketCloud,
  gitea,
};

/** @throws WindlassError provider-unsupported */
export function providerOf(type: ProviderType): ProviderModule {
  const module = providers[type];
  if (module !== undefined) return module;
  throw new WindlassError(
    'provider-unsupported',
    `Pull requests on ${type} are not supported yet; supported types are ${Object.keys(providers).join(', ')}.`,
  );
}
