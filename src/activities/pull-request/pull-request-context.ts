import { parseCredentials, type Credentials } from '../../domain/credentials';
import { WindlassError } from '../../domain/errors';
import { promotionBranch } from '../../domain/promotion/promotion-branch-name';
import {
  findHop,
  formatPipelineRef,
  type Hop,
  type PullRequestStrategy,
} from '../../domain/pipeline/pipeline';
import { type PromotionOfBranch } from '../../domain/promotion/promotion-branch';
import { type PromotionTask } from '../../domain/promotion/promotion';
import { parseRepositoryUrl } from '../../domain/pipeline/repository-url';
import { type GitRemote, type RepositoryCache } from '../../git/repository';
import { type Outbound } from '../../http/outbound/outbound';
import { trustedHosts } from '../../providers/api-address';
import { type ProviderModule, type PullRequestProvider } from '../../providers/port';
import { type PipelineStore } from '../../store/pipeline-store';

/** What the pull request activities need of the outside. */
export interface PullRequestDependencies {
  readonly store: PipelineStore;
  readonly repositories: RepositoryCache;
  /** @throws WindlassError provider-unsupported */
  provider(type: PullRequestStrategy['provider']): ProviderModule;
  /** The way out for one promotion: only to `hosts`, each `host[:port]`. */
  outbound(hosts: readonly string[], tls: Credentials['tls']): Outbound;
  /** The promotion's page in the Temporal Web UI, where an address is configured. */
  promotionPage(task: PromotionTask): string | undefined;
}

/** Where a promotion's pull request belongs, with today's configuration and credentials. */
export interface PullRequestContext extends PromotionOfBranch {
  readonly hop: Hop;
  readonly application: string;
  readonly base: string;
  readonly remote: GitRemote;
  readonly provider: PullRequestProvider;
}

/**
 * @returns a sentence where the pipeline no longer promotes this way
 * @throws WindlassError when the Secret, the URL or the provider is not as it must be
 */
export async function resolvePullRequestContext(
  dependencies: PullRequestDependencies,
  task: PromotionTask,
): Promise<PullRequestContext | { readonly gone: string }> {
  const name = formatPipelineRef(task.pipeline);
  const pipeline = await dependencies.store.pipeline(task.pipeline);
  if (pipeline === undefined) return { gone: `The pipeline ${name} is gone.` };
  const lookup = findHop(pipeline, task.from);
  if (
    !lookup.found ||
    lookup.hop.to.name !== task.to ||
    lookup.hop.promotion.strategy.kind !== 'pull-request'
  ) {
    return {
      gone: `The pipeline ${name} no longer promotes from ${task.from} to ${task.to} by pull request.`,
    };
  }
  const { hop } = lookup;
  const strategy = lookup.hop.promotion.strategy;
  const branch = promotionBranch(task.pipeline, task.to);
  // Else the commit would go right onto the base branch, past every review.
  if (strategy.baseBranch === branch) {
    throw new WindlassError(
      'invalid-pipeline',
      `pull-request.baseBranch is the promotion branch ${branch} itself: name the branch that ${task.to} is deployed from.`,
    );
  }
  const module = dependencies.provider(strategy.provider);
  const repository = parseRepositoryUrl(strategy.url);
  const apiUrl = strategy.apiUrl ?? module.apiUrlFor(repository);
  const { credentials, token } = await readCredentials(dependencies.store, task, strategy, module);
  const outbound = dependencies.outbound(trustedHosts(module, repository), credentials.tls);
  return {
    hop,
    application: pipeline.appRef.name,
    branch,
    base: strategy.baseBranch,
    pipeline: name,
    environment: task.to,
    remote: { url: repository, credentials, cacheKey: `${task.pipeline.namespace}/${strategy.secretName}` },
    provider: module.connect({ repository, apiUrl, token, outbound }),
  };
}

async function readCredentials(
  store: PipelineStore,
  task: PromotionTask,
  strategy: PullRequestStrategy,
  module: ProviderModule,
): Promise<{ readonly credentials: Credentials; readonly token: string }> {
  const secretName = `${task.pipeline.namespace}/${strategy.secretName}`;
  const data = await store.secret(task.pipeline.namespace, strategy.secretName);
  if (data === undefined) throw new WindlassError('credentials-missing', `There is no Secret ${secretName}.`);
  const credentials = parseCredentials(data);
  const { token } = credentials;
  if (token === undefined) {
    throw new WindlassError(
      'credentials-missing',
      `The Secret ${secretName} has no token for the provider's API.`,
    );
  }
  const hasGit = credentials.basic !== undefined || credentials.bearerToken !== undefined;
  return {
    token,
    credentials: hasGit
      ? credentials
      : { ...credentials, basic: { username: module.gitUsername, password: token } },
  };
}
