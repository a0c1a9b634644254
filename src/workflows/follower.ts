/** Follows the open pull requests of one repository, and tells their promotions when they are merged or closed. */
import {
  ActivityFailure,
  ApplicationFailure,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  log,
  patched,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  type SignalDefinition,
  workflowInfo,
} from '@temporalio/workflow';
import { openMerges } from './merges';
import { type FollowerActivities, type PullRequestLook } from '../activities/follower-activities';
import { backOffMs } from '../domain/back-off';
import { type PullRequestState } from '../domain/promotion/pull-request-state';
import {
  type FollowedPromotion,
  type FollowerStart,
  followSignal,
  lookSignal,
  pullRequestSignal,
  reconsiderSignal,
} from './contract/messages';

const { lookAtPullRequests } = proxyActivities<FollowerActivities>({
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '10 seconds',
  // The loop below looks again, less and less often.
  retry: { maximumAttempts: 1 },
});

/** How often a repository is looked at in which nothing happens. A new pull request or a hint begins again at the first. */
const quiet = { firstMs: 60_000, longestMs: 3_600_000 };
/** Hints may come in a storm. */
const closestMs = 5_000;
/** Services do not list what was deleted, so all pull requests are read now and then: daily, where nothing happens. */
const wholeLookEvery = 24;

/** Runs while pull requests are open. */
export async function follower(start: FollowerStart): Promise<void> {
  const { repository, followed: before = [], seen } = start;
  const followed = new Map(before.map((each) => [each.number, each]));
  let known = seen;
  let asked = false;
  let quietLooks = 0;
  let looks = 0;
  let lookedAt = Date.now();
  /** When its turn comes to make requests. */
  let turnAt: number | undefined;
  const merges = openMerges(start.mergers);
  setHandler(followSignal, (promotion) => {
    followed.set(promotion.number, promotion);
    // What earlier answers said does not cover it.
    known = undefined;
    quietLooks = 0;
  });
  setHandler(lookSignal, () => {
    asked = true;
    quietLooks = 0;
  });
  const dueAt = (): number =>
    turnAt ?? lookedAt + (asked ? closestMs : backOffMs(quiet, Math.max(0, quietLooks) + 1));

  while (followed.size > 0) {
    setCurrentDetails(describe(repository.url, followed.size));
    for (let at = dueAt(); Date.now() < at; at = dueAt()) {
      await condition(() => dueAt() < at || merges.haveNext(), at - Date.now());
      await merges.giveTurns();
    }
    asked = false;
    quietLooks += 1;
    looks += 1;
    if (looks % wholeLookEvery === 0) known = undefined;
    const look = await tryToLook(() => lookAtPullRequests(repository, [...followed.values()], known));
    lookedAt = Date.now();
    turnAt = typeof look === 'number' ? lookedAt + look : undefined;
    // It has not looked.
    if (turnAt !== undefined) quietLooks -= 1;
    else if (typeof look === 'object') {
      known = quietLooks === 0 ? undefined : look.seen;
      if (await tell(followed, look)) quietLooks = 0;
      merges.keepOnly([...followed.keys()]);
    }
    await merges.giveTurns();
    if (workflowInfo().continueAsNewSuggested) {
      return continueAsNew<typeof follower>({
        repository,
        followed: [...followed.values()],
        ...(known === undefined ? {} : { seen: known }),
        mergers: merges.queue(),
      });
    }
  }
}

/** @returns milliseconds where its turn comes later; undefined where it failed */
async function tryToLook(
  look: () => Promise<PullRequestLook>,
): Promise<PullRequestLook | number | undefined> {
  try {
    return await look();
  } catch (error) {
    const turnMs = untilTurn(error);
    if (turnMs !== undefined && patched('look-at-its-turn')) return turnMs;
    log.warn('the pull requests could not be looked at', { error: String(error) });
    return undefined;
  }
}

/** @returns milliseconds, where a rate limit keeps it from looking */
function untilTurn(error: unknown): number | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (!(cause instanceof ApplicationFailure) || cause.type !== 'rate-limited') return undefined;
  const details = cause.details?.[0] as { readonly retryAfterMs?: number } | undefined;
  return details?.retryAfterMs;
}

/** @returns whether a promotion needed a signal */
async function tell(
  followed: Map<number, FollowedPromotion>,
  { states, abandoned }: PullRequestLook,
): Promise<boolean> {
  const all = [...followed.values()];
  const news = states.flatMap((state) => {
    const promotion = followed.get(state.number);
    return promotion === undefined || !isNews(promotion, state) ? [] : [{ state, promotion }];
  });
  const left = all.filter(({ workflowId }) => abandoned.includes(workflowId));
  await Promise.all([
    ...news.map(({ state, promotion }) => send(promotion, pullRequestSignal, state)),
    ...left.map((promotion) => send(promotion, reconsiderSignal)),
  ]);
  for (const { state, promotion } of news) {
    if (state.state === 'open') remember(followed, promotion, state);
    else forget(followed, promotion);
  }
  for (const promotion of left) forget(followed, promotion);
  return news.length + left.length > 0;
}

/** Followers that older code began know no heads: their promotions wait for the end alone. */
function isNews({ head, conflicts }: FollowedPromotion, state: PullRequestState): boolean {
  if (state.state !== 'open') return true;
  return head !== undefined && (state.head !== head || (state.conflicts === true && conflicts !== true));
}

function remember(
  followed: Map<number, FollowedPromotion>,
  { conflicts, ...promotion }: FollowedPromotion,
  { head, conflicts: found }: PullRequestState,
): void {
  if (followed.get(promotion.number)?.workflowId !== promotion.workflowId) return;
  followed.set(promotion.number, {
    ...promotion,
    ...(head === undefined ? {} : { head }),
    ...(found === undefined ? {} : { conflicts: found }),
  });
}

/** Another promotion may have taken its pull request over meanwhile. */
function forget(followed: Map<number, FollowedPromotion>, { number, workflowId }: FollowedPromotion): void {
  if (followed.get(number)?.workflowId === workflowId) followed.delete(number);
}

/** A promotion that has ended needs no signal. */
async function send<Args extends unknown[]>(
  { workflowId }: FollowedPromotion,
  signal: SignalDefinition<Args>,
  ...args: Args
): Promise<void> {
  try {
    await getExternalWorkflowHandle(workflowId).signal(signal, ...args);
  } catch (error) {
    log.debug('the promotion has ended already', { workflowId, error: String(error) });
  }
}

function describe(url: string, open: number): string {
  return `Follows ${open} open pull request${open === 1 ? '' : 's'} of \`${url}\`.`;
}
