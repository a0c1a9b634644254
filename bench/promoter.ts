import { rm } from 'node:fs/promises';
import { openPullRequest } from '../src/activities/pull-request/open-pull-request';
import { type PullRequestDependencies } from '../src/activities/pull-request/pull-request-context';
import { type Pipeline } from '../src/domain/pipeline/pipeline';
import { createRepositoryCache } from '../src/git/cache/repository-cache';
import { createOutbound } from '../src/http/outbound/create-outbound';
import { providerOf } from '../src/providers/registry';
import { providerLogins } from '../src/providers/logins';
import { createApiAccess, type OpenOutbound } from '../src/providers/rest/api-access';
import { createCredentialSource } from '../src/store/credential-source';
import { deployment, noon } from '../test/support/events';
import { memoryStore } from '../test/support/memory-store';
import { application } from './fleet';
import { inlineParser } from '../test/support/inline-parser';

/** Promotes the measured application by the activity itself, with the real cache and the real provider. */
export interface Promoter {
  /** @returns the number of the pull request */
  promote(release: number): Promise<number>;
  /** Makes the next promotion start without a cached repository. */
  forget(): Promise<void>;
}

export function createPromoter(repositoryUrl: string, token: string, cacheDirectory: string): Promoter {
  const secretName = 'git';
  const pipeline: Pipeline = {
    ...application,
    appRef: { apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease', name: application.name },
    environments: ['dev', 'staging'].map((name) => ({ name, targets: [{ namespace: name }] })),
    promotion: {
      manual: false,
      strategy: {
        kind: 'pull-request',
        provider: 'github',
        url: repositoryUrl,
        baseBranch: 'main',
        secretName,
      },
    },
    allowUnsigned: false,
  };
  const store = memoryStore([pipeline], { [`${application.namespace}/${secretName}`]: { token } });
  const open: OpenOutbound = (allowedHosts) => createOutbound({ allowedHosts, allowPlainHttp: false });
  const credentials = createCredentialSource(store, providerLogins(open));
  const ports: PullRequestDependencies = {
    store,
    parser: inlineParser,
    repositories: createRepositoryCache({
      directory: cacheDirectory,
      maxBytes: 2_000_000_000,
      maxRepositoryBytes: 500_000_000,
      credentials,
      allowPlainHttp: false,
      addressesOf: () => Promise.resolve([]),
      environment: process.env,
    }),
    provider: providerOf,
    apiAccess: createApiAccess(credentials, open),
    promotionPage: () => undefined,
  };
  return {
    async promote(release) {
      const version = `7.0.${release}`;
      const event = deployment({ pipeline: application, version, release, at: noon + release * 1000 });
      const result = await openPullRequest(
        ports,
        { action: 'promote', pipeline: application, from: 'dev', to: 'staging', version, event },
        AbortSignal.timeout(120_000),
      );
      if (result.state !== 'pull-request') throw new Error(`The promotion ended as ${result.state}.`);
      return result.number;
    },
    forget: () => rm(cacheDirectory, { recursive: true, force: true }),
  };
}
