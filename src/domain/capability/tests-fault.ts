import { type GatePolicies } from '../gates/registry';
import { type TestResult } from '../lane/lane-state';
import { type PromotionTask } from '../promotion/promotion';
import { type VerifyClaim } from './claim';

export interface TestedPromotion {
  readonly task: PromotionTask;
  /** The lane's workflow id. */
  readonly lane: string;
  readonly policies: GatePolicies;
  /** Before a merge, gates count that stand before the merge only. */
  readonly isMerge: boolean;
}

/**
 * Whether the webhook vouches for a test that passed, where `promoteOn: tested` asks for one.
 * @param results as the lane has them
 * @returns a sentence; undefined: it may act
 */
export function testsFault(
  { task, lane, policies, isMerge }: TestedPromotion,
  results: readonly TestResult[],
  verify: VerifyClaim,
): string | undefined {
  const { action, version, from, overridden = [] } = task;
  const isAsked = [policies, ...(policies.minimums ?? [])].some(
    ({ promoteOn, stage }) => promoteOn === 'tested' && (isMerge || stage !== 'merge'),
  );
  const isOpened = overridden.some(({ gates }) => gates.includes('tests'));
  if (!isAsked || isOpened || action === 'withdraw') return undefined;
  const isVouched = results.some((result) => {
    if (result.version !== version || !result.passed || result.capability === undefined) return false;
    const claim = verify(result.capability);
    const isTest = claim?.kind === 'fact' && claim.fact === 'tests-passed';
    return isTest && claim.lane === lane && claim.version === version;
  });
  return isVouched ? undefined : `Nothing vouches for the Helm tests of ${version} in ${from}.`;
}
