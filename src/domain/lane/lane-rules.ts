/**
 * The rules by which a lane compares reports. A running lane replays its history: what it decided by earlier
 * rules, it must decide again in the same way.
 */
import { compareVersions, compareVersionsWithHashes } from '../version/compare-versions';
import { compareOrder, compareOrderByAnyRelease } from './order';

export interface LaneRules {
  readonly compareOrder: typeof compareOrder;
  readonly compareVersions: typeof compareVersions;
  /** An install by a new uid ends what only an earlier uid of the same object reported. */
  readonly installReplaces: boolean;
  /** `gates.supersede: queue` is heard. */
  readonly queues: boolean;
}

export const currentRules: LaneRules = { compareOrder, compareVersions, installReplaces: true, queues: true };

/** Of lanes that do not follow their promotions: an older worker may have to continue them. */
export const unfollowedRules: LaneRules = { ...currentRules, queues: false };

/** Of 0.1: any release number was believed, commit hashes had an order, and a reinstalled HelmRelease was one more target. */
export const firstRules: LaneRules = {
  compareOrder: compareOrderByAnyRelease,
  compareVersions: compareVersionsWithHashes,
  installReplaces: false,
  queues: false,
};
