import { WindlassError } from '../../domain/errors';
import { findHopBetween } from '../../domain/pipeline/pipeline';
import { promotionBranch } from '../../domain/promotion/promotion-branch-name';
import { type PullRequestProvider } from '../../providers/port';
import { type PipelineStore } from '../../store/pipeline-store';
import { type PromotionHop } from '../promotion-activities';
import { openHead } from './open-head';

/** A pull request as a workflow names it: a client of Temporal can start one with any number. */
export interface NamedProposal {
  readonly number: number;
  readonly hop: PromotionHop;
  /** The branch that it was opened into; today's, where it is not known. */
  readonly base?: string | undefined;
}

/**
 * The head of an open pull request, if it is the one of the hop's promotion branch.
 * @returns a commit id; undefined: none is open
 * @throws WindlassError not-authorized, where it is another one
 */
export async function ownOpenHead(
  provider: PullRequestProvider,
  store: Pick<PipelineStore, 'pipeline'>,
  { number, hop, base: given }: NamedProposal,
  signal: AbortSignal,
): Promise<string | undefined> {
  const base = given ?? (await baseOf(store, hop));
  if (base === undefined) return undefined;
  const branch = promotionBranch(hop.pipeline, hop.to);
  const open = await provider.findOpen({ head: branch, base }, signal);
  if (open === undefined) return undefined;
  if (open.number !== number) {
    const says = `The pull request ${number} is not the open one of the branch ${branch}.`;
    throw new WindlassError('not-authorized', says);
  }
  return openHead(provider, { number }, signal);
}

async function baseOf(
  store: Pick<PipelineStore, 'pipeline'>,
  { pipeline: ref, from, to }: PromotionHop,
): Promise<string | undefined> {
  const pipeline = await store.pipeline(ref);
  const strategy = pipeline && findHopBetween(pipeline, from, to)?.promotion.strategy;
  return strategy?.kind === 'pull-request' ? strategy.baseBranch : undefined;
}
