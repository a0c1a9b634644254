/**
 * The promotion's commit: one module both writes and reads its message, so that a later promotion can identify the head
 * of the branch, regardless of who pushed it.
 */
import { type DeploymentEvent } from '../event';
import { sha256Hex } from '../names';
import { orderKeyOf, type OrderKey } from '../lane/order';
import { endsInTrailers } from './commit-message';
import { formatPipelineRef, type PipelineRef } from '../pipeline/pipeline';

/** Where a promotion commit was put: on the base branch's head, or on the promotion branch's, to keep a reviewer's commits. */
type CommitPlace = 'base' | 'branch';

/** What the trailers of a promotion commit say. */
export interface PromotionCommit {
  /** `namespace/name`. */
  readonly pipeline: string;
  readonly environment: string;
  readonly version: string;
  readonly order: OrderKey;
  /** Absent in commits of versions that did not write it down. */
  readonly onto?: CommitPlace;
}

/** Author and message of pipeline-controller's commits, whose branches we take over. */
const originalAuthor = 'Promotion Server';
const originalMessage = 'promoting version';

/** Title of the commit and of the pull request, as in pipeline-controller. */
export function promotionTitle(pipeline: PipelineRef, environment: string, version: string): string {
  return `Promote ${formatPipelineRef(pipeline)} in ${environment} to ${version}`;
}

interface PromotionMessageOptions {
  readonly onto?: CommitPlace;
  /** What stands above the trailers; absent: the title. */
  readonly message?: string;
}

export function formatPromotionMessage(
  pipeline: PipelineRef,
  environment: string,
  event: DeploymentEvent,
  { onto, message }: PromotionMessageOptions = {},
): string {
  const { at, release } = orderKeyOf(event);
  const words = message ?? promotionTitle(pipeline, environment, event.version);
  return [
    words,
    ...(endsInTrailers(words) ? [] : ['']),
    `Windlass-Pipeline: ${formatPipelineRef(pipeline)}`,
    `Windlass-Environment: ${environment}`,
    `Windlass-Version: ${event.version}`,
    `Windlass-Order: ${at} ${release ?? '-'} ${reporterKey(event.reporter)}`,
    ...(onto === undefined ? [] : [`Windlass-Onto: ${onto}`]),
    '',
  ].join('\n');
}

/** @returns undefined for a commit without promotion trailers */
export function parsePromotionMessage(message: string): PromotionCommit | undefined {
  // The last one: ours stand at the end, and the words above them may quote another commit.
  const trailer = (key: string): string | undefined =>
    [...message.matchAll(new RegExp(`^Windlass-${key}: (.+)$`, 'gm'))].at(-1)?.[1]?.trim();
  const pipeline = trailer('Pipeline');
  const environment = trailer('Environment');
  const version = trailer('Version');
  const onto = trailer('Onto');
  const order = /^(\d+) (\d+|-) (\S+)$/.exec(trailer('Order') ?? '');
  if (pipeline === undefined || environment === undefined || version === undefined || order === null) {
    return undefined;
  }
  const [, at, release, reporter = ''] = order;
  return {
    pipeline,
    environment,
    version,
    order: { at: Number(at), reporter, ...(release === '-' ? {} : { release: Number(release) }) },
    ...(onto === 'base' || onto === 'branch' ? { onto } : {}),
  };
}

/** What a commit does, apart from its id. */
interface CommitFacts {
  readonly parents: readonly string[];
  readonly tree: string;
  readonly message: string;
}

/**
 * Whether two commits are the same promotion in the same place. Their ids do not tell: signatures carry the time, and a
 * message may have been worded otherwise by another version or configuration.
 */
export function isSamePromotion(one: CommitFacts, other: CommitFacts): boolean {
  const [trailers, otherTrailers] = [
    parsePromotionMessage(one.message),
    parsePromotionMessage(other.message),
  ];
  if (trailers === undefined || otherTrailers === undefined) return false;
  return (
    one.tree === other.tree &&
    one.parents.join() === other.parents.join() &&
    trailers.pipeline === otherTrailers.pipeline &&
    trailers.environment === otherTrailers.environment &&
    trailers.version === otherTrailers.version &&
    trailers.order.at === otherTrailers.order.at &&
    trailers.order.release === otherTrailers.order.release &&
    trailers.order.reporter === otherTrailers.order.reporter
  );
}

/** An event's order as it compares with the one that a commit's trailers hold. */
export function commitOrderOf(event: DeploymentEvent): OrderKey {
  return { ...orderKeyOf(event), reporter: reporterKey(event.reporter) };
}

export function isOriginalsCommit(commit: { readonly author: string; readonly message: string }): boolean {
  return commit.author.startsWith(originalAuthor) && commit.message.trim() === originalMessage;
}

/** A reporter can be any text; a trailer value is one word. */
function reporterKey(reporter: string): string {
  return sha256Hex(reporter).slice(0, 12);
}
