import { WindlassError } from '../../domain/errors';
import { type CommitDefaults, type CommitStyle, commitStyleOf } from '../../domain/promotion/commit-style';
import { promotionBranch } from '../../domain/promotion/promotion-branch-name';
import {
  findHopBetween,
  formatPipelineRef,
  type Hop,
  type PullRequestStyle,
} from '../../domain/pipeline/pipeline';
import { type PromotionOfBranch } from '../../domain/promotion/promotion-branch';
import { followedRepository, type FollowedRepository } from '../../domain/promotion/followed-repository';
import { type PromotionTask } from '../../domain/promotion/promotion';
import { type GitRemote, type RepositoryCache } from '../../git/repository';
import { type Parser } from '../../parsing/parser';
import { type PullRequestProvider } from '../../providers/port';
import { type MayAct } from '../require-may-act';
import { connectProvider, type ProviderDependencies } from './connect-provider';
import { type PipelineStore } from '../../store/pipeline-store';

/** The external dependencies of the pull request activities. */
export interface PullRequestDependencies extends ProviderDependencies, Pick<MayAct, 'authority'> {
  readonly store: PipelineStore;
  /** For the repository's manifests. */
  readonly parser: Parser;
  readonly repositories: RepositoryCache;
  /** What the installation says of all commits; absent: nothing. */
  readonly commits?: CommitDefaults;
  /** Of the promotion with that id, where an address is configured. */
  promotionPage(id: string): PromotionPage | undefined;
}

/** Where people look at a promotion. */
export interface PromotionPage {
  readonly site: 'dashboard' | 'Temporal Web UI';
  readonly url: string;
}

/** Where a promotion's pull request belongs, with today's configuration. Credentials are references here. */
export interface PullRequestContext extends PromotionOfBranch {
  readonly hop: Hop;
  readonly application: string;
  readonly base: string;
  readonly remote: GitRemote;
  readonly provider: PullRequestProvider;
  readonly commit: CommitStyle;
  readonly style: PullRequestStyle;
  /** For the follower of the pull request. */
  readonly followed: FollowedRepository;
}

/**
 * @returns a sentence where the pipeline no longer promotes this way
 * @throws WindlassError when the URL or the provider is not as it must be
 */
export async function resolvePullRequestContext(
  dependencies: PullRequestDependencies,
  task: PromotionTask,
): Promise<PullRequestContext | { readonly gone: string }> {
  const name = formatPipelineRef(task.pipeline);
  const pipeline = await dependencies.store.pipeline(task.pipeline);
  if (pipeline === undefined) return { gone: `The pipeline ${name} does not exist any more.` };
  const hop = findHopBetween(pipeline, task.from, task.to);
  if (hop?.promotion.strategy.kind !== 'pull-request') {
    return {
      gone: `The pipeline ${name} no longer promotes from ${task.from} to ${task.to} by pull request.`,
    };
  }
  const { strategy } = hop.promotion;
  const branch = promotionBranch(task.pipeline, task.to);
  // Otherwise the commit would go directly to the base branch, without a review.
  if (strategy.baseBranch === branch) {
    throw new WindlassError(
      'invalid-pipeline',
      `pull-request.baseBranch is the promotion branch ${branch} itself: set the branch that ${task.to} is deployed from.`,
    );
  }
  const followed = followedRepository(task.pipeline.namespace, strategy);
  const { provider, module, repository, credentials } = connectProvider(dependencies, followed);
  return {
    hop,
    application: pipeline.appRef.name,
    branch,
    base: strategy.baseBranch,
    pipeline: name,
    environment: task.to,
    remote: {
      url: module.gitUrlFor?.(repository) ?? repository,
      credentials,
      serverRefusals: module.serverRefusals,
    },
    commit: commitStyleOf(strategy.commit ?? {}, task.pipeline.namespace, dependencies.commits ?? {}),
    style: strategy,
    provider,
    followed,
  };
}
