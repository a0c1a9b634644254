import { WindlassError } from '../../domain/errors';
import { findHopBetween } from '../../domain/pipeline/pipeline';
import { type FollowedRepository } from '../../domain/promotion/followed-repository';
import { type PipelineStore } from '../../store/pipeline-store';
import { type Authority } from '../authority';
import { type Parting, type PartingProof } from '../promotion-activities';
import { connectNamedProvider, type NamedProviderDependencies } from './connect-provider';
import { openHead } from './open-head';
import { ownOpenHead } from './own-proposal';
import { gatesCommentKey } from './tell-gates';

export interface PartingDependencies extends NamedProviderDependencies {
  readonly store: NamedProviderDependencies['store'] & Pick<PipelineStore, 'pipeline'>;
  /** Absent: there is no key, and nothing is verified. */
  readonly authority?: Pick<Authority, 'requireParting'>;
}

/**
 * Says on the pull request of a promotion that it has ended, and why: closes it, or leaves it open with a check that no longer
 * waits.
 * @param proof absent: code of an older worker asks for it, which is done only where there is no key
 * @throws WindlassError
 */
export async function partFromPullRequest(
  dependencies: PartingDependencies,
  repository: FollowedRepository,
  number: number,
  { close, comment }: Parting,
  proof: PartingProof | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { provider } = await connectNamedProvider(dependencies, repository);
  const head =
    proof === undefined
      ? await openHead(provider, { number }, signal)
      : await ownOpenHead(
          provider,
          dependencies.store,
          { number, hop: proof.task, base: proof.base },
          signal,
        );
  if (head === undefined) return;
  await requireParting(dependencies, proof, close);
  if (close) {
    await provider.close({ number, url: '', title: '', body: '' }, comment, signal);
    return;
  }
  await provider.comment({ number }, { key: gatesCommentKey, body: comment }, signal);
  const description = 'Windlass no longer follows this pull request.';
  await provider.setCheck({ head, state: 'success', description, pullRequest: { number } }, signal);
}

/** @throws WindlassError not-authorized, lane-unavailable, store-unavailable */
async function requireParting(
  { authority, store }: PartingDependencies,
  proof: PartingProof | undefined,
  close: boolean,
): Promise<void> {
  if (authority === undefined) return;
  if (proof === undefined) {
    throw new WindlassError('not-authorized', 'Code of an older worker asks to part from a pull request.');
  }
  const { task, rejection } = proof;
  await authority.requireParting(task, rejection);
  if (close) return;
  const pipeline = await store.pipeline(task.pipeline);
  const hop = pipeline && findHopBetween(pipeline, task.from, task.to);
  // Its check would succeed.
  if (hop?.promotion.strategy.kind === 'pull-request') {
    const says = `The Pipeline still promotes from ${task.from} to ${task.to} by pull request.`;
    throw new WindlassError('not-authorized', says);
  }
}
