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
}

export const currentRules: LaneRules = { compareOrder, compareVersions, installReplaces: true };

/** Of 0.1: any release number was believed, commit hashes had an order, and a reinstalled HelmRelease was one more target. */
export const firstRules: LaneRules = {
  compareOrder: compareOrderByAnyRelease,
  compareVersions: compareVersionsWithHashes,
  installReplaces: false,
};
