import { type Logger } from 'pino';
import { WindlassError } from '../../domain/errors';
import { type PullRequestStyle } from '../../domain/pipeline/pipeline';
import { referenceKey } from '../../domain/promotion/followed-repository';
import { type PromotionTask, type PullRequestOpened } from '../../domain/promotion/promotion';
import { type Decoration } from '../../providers/port';
import { type PullRequestDependencies, resolvePullRequestContext } from './pull-request-context';

/** Kept in the promotion's history. */
const mostWarnings = 10;
const longestWarning = 300;

/**
 * Gives a pull request the labels, reviewers and assignees of its Pipeline. It runs after every attempt that found or opened
 * the pull request: a crash between the two leaves nothing out. What cannot be added is a warning for the reviewer, and does
 * not fail the promotion.
 * @throws WindlassError rate-limited, which uses up no attempt
 */
export async function decorateProposal(
  dependencies: PullRequestDependencies & { readonly log: Pick<Logger, 'warn'> },
  task: PromotionTask,
  opened: PullRequestOpened,
  signal: AbortSignal,
): Promise<PullRequestOpened> {
  const context = await resolvePullRequestContext(dependencies, task);
  if ('gone' in context) return opened;
  const { provider, branch, style, followed } = context;
  // The Pipeline can name another repository by now, where the number is another pull request's.
  if (opened.repository === undefined || referenceKey(opened.repository) !== referenceKey(followed))
    return opened;
  const decoration = decorationOf(style);
  if (decoration === undefined) return opened;
  const decorate = () => provider.decorate({ number: opened.number }, decoration, signal);
  const missing = await orWarning(() => twice(decorate));
  for (const sentence of missing) dependencies.log.warn({ branch, number: opened.number }, sentence);
  if (missing.length === 0) return opened;
  const kept = missing.slice(0, mostWarnings).map((sentence) => sentence.slice(0, longestWarning));
  return { ...opened, warnings: [...(opened.warnings ?? []), ...kept] };
}

async function twice<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const mayPass = error instanceof WindlassError && error.retryable && error.code !== 'rate-limited';
    if (!mayPass) throw error;
    return work();
  }
}

async function orWarning(work: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof WindlassError) || error.code === 'rate-limited') throw error;
    return [`Labels, reviewers and assignees were not added. ${error.message}`];
  }
}

/** Each name once; undefined where nothing is wanted. */
function decorationOf(style: PullRequestStyle): Decoration | undefined {
  const once = (names: readonly string[] = []): readonly string[] => [...new Set(names)];
  const labels = once(style.labels);
  const reviewers = { users: once(style.reviewers?.users), teams: once(style.reviewers?.teams) };
  const assignees = once(style.assignees);
  const wanted = [labels, reviewers.users, reviewers.teams, assignees];
  return wanted.every((names) => names.length === 0) ? undefined : { labels, reviewers, assignees };
}
