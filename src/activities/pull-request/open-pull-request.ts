import {
  commitOrderOf,
  formatPromotionMessage,
  isSamePromotion,
} from '../../domain/promotion/promotion-commit';
import {
  type BranchPlacement,
  newestPromotion,
  placeOnBranch,
} from '../../domain/promotion/promotion-branch';
import { fillMessageTemplate } from '../../domain/promotion/commit-message';
import { compareOrder } from '../../domain/lane/order';
import { type PromotionTask, type PullRequestOpened } from '../../domain/promotion/promotion';
import { closingComment } from '../../domain/promotion/sentences';
import { type Repository } from '../../git/repository';
import { compareVersions } from '../../domain/version/compare-versions';
import { ensurePullRequest } from '../../providers/ensure-pull-request';
import { fitLine } from '../../providers/fit-texts';
import { type PullRequestResult } from '../promotion-activities';
import { requireMayAct } from '../require-may-act';
import { type ManifestSource, setVersions, type MarkedVersions } from './marked-files';
import {
  resolvePullRequestContext,
  type PullRequestDependencies,
  type PullRequestContext,
} from './pull-request-context';
import { mergeManner } from './merge-manner';
import {
  changedVersion,
  pullRequestText,
  type PullRequestText,
  pullRequestTitle,
  templateFacts,
} from './pull-request-text';
import { promotionIdOf } from '../../workflows/contract/ids';

/** The maximum number of a reviewer's commits on a promotion branch that are read. */
export const branchHistoryLimit = 50;

/** The branch has the version; only the provider is left. */
interface BranchReady {
  readonly state: 'branch-ready';
  /** Commit id. */
  readonly head: string;
  readonly text: PullRequestText;
  readonly outcome: Pick<PullRequestOpened, 'previous' | 'warnings' | 'downgrade'>;
}

/** Kept in the promotion's history; the pull request has room for more. */
const keptWarnings = 10;

/**
 * Promotes one version with an environment's pull request: fetch, find markers, edit, commit, push, ensure the pull
 * request. Every step checks the state first, so that an attempt after a crash at any point finishes the work and does
 * nothing twice.
 * @throws WindlassError; GatesClosed where the environment is suspended or frozen meanwhile
 */
export async function openPullRequest(
  dependencies: PullRequestDependencies,
  task: PromotionTask,
  signal: AbortSignal,
): Promise<PullRequestResult> {
  const context = await resolvePullRequestContext(dependencies, task);
  if ('gone' in context) return { state: 'ignored', reason: context.gone };
  const branches = { base: context.base, promotion: context.branch };
  const stillOpen = () => requireMayAct(dependencies, task);
  const prepared = await dependencies.repositories.withRepository(
    context.remote,
    branches,
    signal,
    (repository) => prepareBranch(dependencies, context, repository, task, signal),
  );
  if (prepared.state !== 'branch-ready') return prepared;
  // Outside the repository's lock, which other promotions wait for.
  const { draft: asDraft } = context.style;
  const draft = {
    ...{ head: context.branch, base: context.base, ...prepared.text, manner: mergeManner(context.style) },
    ...(asDraft === undefined ? {} : { draft: asDraft }),
  };
  const { pullRequest, change } = await ensurePullRequest(context.provider, draft, signal, stillOpen);
  const { url, number } = pullRequest;
  const opened = { state: 'pull-request', url, number, change, repository: context.followed } as const;
  return { ...opened, ...prepared.outcome, head: prepared.head, base: context.base };
}

/** A lane that does not remember asks the repository whether someone has closed the pull request for this version. */
async function closedBefore(
  { provider, branch, base, application, style }: PullRequestContext,
  task: PromotionTask,
  signal: AbortSignal,
): Promise<Extract<PullRequestResult, { state: 'closed' }> | undefined> {
  const latest = await provider.latest({ head: branch, base }, signal);
  // It may be from before the Pipeline had a template.
  const titles = [style.title, undefined]
    .map((template) => fitLine(pullRequestTitle(task, application, template), provider.limits.title))
    .filter((title) => title.includes(task.version));
  if (latest?.state !== 'closed' || !titles.includes(latest.title)) return undefined;
  const { url, number, by } = latest;
  return { state: 'closed', url, number, ...(by === undefined ? {} : { by }) };
}

type NothingToOpen = Exclude<PullRequestResult, PullRequestOpened>;

async function prepareBranch(
  dependencies: PullRequestDependencies,
  context: PullRequestContext,
  repository: Repository,
  task: PromotionTask,
  signal: AbortSignal,
): Promise<BranchReady | NothingToOpen> {
  const source = { repository, parser: dependencies.parser, signal };
  const onBase = await setVersions(source, repository.heads.base, context.base, task);
  const warnings = reviewWarnings(onBase);
  if (onBase.edits.length === 0) {
    const mayClose = async () => dependencies.authority?.require(task);
    const nothing = await closeSuperfluous(context, repository, task, mayClose, signal);
    return nothing.state === 'unchanged' ? { ...nothing, ...warnings } : nothing;
  }
  // Once for a lane, so the repository may be held meanwhile.
  const closed = task.recall === true ? await closedBefore(context, task, signal) : undefined;
  if (closed !== undefined) return closed;
  const placement = await findPlacement(context, repository, task, signal);
  if (placement.kind === 'superseded') return { state: 'superseded', by: placement.by };
  const head = await bringBranchUp(context, source, task, placement, onBase, () =>
    requireMayAct(dependencies, task),
  );
  const { previous, next } = changedVersion(onBase.marked);
  const isDowngrade = (compareVersions(next, previous) ?? 0) < 0;
  return {
    state: 'branch-ready',
    head,
    text: pullRequestText(task, onBase, {
      application: context.application,
      style: context.style,
      promotionPage: dependencies.promotionPage(promotionIdOf(task)),
    }),
    outcome: { previous, ...warnings, ...(isDowngrade ? { downgrade: true } : {}) },
  };
}

function reviewWarnings({ marked, warnings }: MarkedVersions): Pick<PullRequestOpened, 'warnings'> {
  const all = [...new Set([...marked.flatMap((change) => change.warnings), ...warnings])];
  return all.length === 0 ? {} : { warnings: all.slice(0, keptWarnings) };
}

async function findPlacement(
  context: PullRequestContext,
  repository: Repository,
  task: PromotionTask,
  signal: AbortSignal,
): Promise<BranchPlacement> {
  if (repository.heads.promotion === undefined) return { kind: 'replace' };
  const ahead = await repository.commitsAhead(branchHistoryLimit);
  const { pipeline, environment, branch } = context;
  const ours = { pipeline, environment, branch, version: task.version, order: commitOrderOf(task.event) };
  const placement = placeOnBranch(ahead, ours, true);
  if (placement.kind !== 'append') return placement;
  // Whether there is a pull request matters only with a reviewer's commits: saves one round trip without them.
  const open = await context.provider.findOpen({ head: context.branch, base: context.base }, signal);
  return placeOnBranch(ahead, ours, open !== undefined);
}

/**
 * Makes the branch contain exactly this version; pushes nothing if it already does.
 * @param beforePush throws where nothing must be pushed
 * @returns its head, a commit id
 */
async function bringBranchUp(
  context: PullRequestContext,
  source: ManifestSource,
  task: PromotionTask,
  placement: { readonly kind: 'replace' | 'append' },
  onBase: MarkedVersions,
  beforePush: () => Promise<void>,
): Promise<string> {
  const { repository } = source;
  const { base, promotion } = repository.heads;
  const append = placement.kind === 'append' && promotion !== undefined;
  const parent = append ? promotion : base;
  const { edits } = append ? await setVersions(source, parent, context.branch, task) : onBase;
  if (edits.length === 0) return parent;
  const { messageTemplate, ...style } = context.commit;
  const commit = await repository.createCommit({
    parent,
    edits,
    message: formatPromotionMessage(task.pipeline, task.to, task.event, {
      onto: append ? 'branch' : 'base',
      ...(messageTemplate === undefined
        ? {}
        : { message: fillMessageTemplate(messageTemplate, templateFacts(task, context.application)) }),
    }),
    ...style,
    at: task.event.at,
  });
  if (promotion !== undefined && isSamePromotion(await repository.commit(promotion), commit))
    return promotion;
  await beforePush();
  await repository.push(commit.id, promotion);
  return commit.id;
}

/** The base already has the version; closes our pull request if it would bring another, older one. */
async function closeSuperfluous(
  context: PullRequestContext,
  repository: Repository,
  task: PromotionTask,
  mayClose: () => Promise<void>,
  signal: AbortSignal,
): Promise<NothingToOpen> {
  if (repository.heads.promotion === undefined) return { state: 'unchanged' };
  const newest = newestPromotion(await repository.commitsAhead(branchHistoryLimit), context);
  if (newest === undefined || newest.version === task.version) return { state: 'unchanged' };
  if (compareOrder(newest.order, commitOrderOf(task.event)) > 0)
    return { state: 'superseded', by: newest.version };
  const open = await context.provider.findOpen({ head: context.branch, base: context.base }, signal);
  if (open !== undefined) {
    await mayClose();
    await context.provider.close(open, closingComment(task, 'unchanged'), signal);
  }
  return { state: 'unchanged' };
}
