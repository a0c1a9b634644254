import { clipText } from '../names';
import { type ApprovalSettings, longestName } from './approval-settings';
import { type Decision } from './decision';
import { type ApprovalContext, type GivenApproval, isNamed, quorumOf } from './quorum';
import { isOtherLogin, isRequester } from './requesters';

/** What a decision is about. */
export interface Decidable extends ApprovalContext {
  readonly version: string;
  /** Each of them asks for a quorum of its own. None: the promotion does not wait for decisions. */
  readonly settings: readonly ApprovalSettings[];
  readonly approvals: readonly GivenApproval[];
}

/** Why neither an approval nor a rejection is taken. @returns a sentence for the person who sent it */
export function decisionFault(
  decision: Decision,
  { version, settings, head }: Decidable,
): string | undefined {
  const [first] = settings;
  if (first === undefined) return 'This promotion does not wait for approvals.';
  if (decision.version !== version) {
    const named = clipText(decision.version, longestName);
    return `This promotion waits for approvals of ${version}, not of ${named}.`;
  }
  if (decision.head !== undefined && decision.head !== head) {
    return head === undefined
      ? 'This promotion has no pull request yet, so no commit can be named.'
      : `The pull request is at ${head} by now, not at ${decision.head}: look at it again.`;
  }
  return settings.some((each) => isNamed(decision, each)) ? undefined : notNamed(decision, first);
}

function notNamed({ by }: Decision, { users, groups }: ApprovalSettings): string {
  const reason =
    groups === undefined
      ? 'is not one of the users'
      : `is ${users === undefined ? 'not' : 'neither one of the users nor'} in one of the groups`;
  return `${by} ${reason} in gates.approvals of the Pipeline.`;
}

function requesterFault(decision: Decision, decidable: Decidable): string | undefined {
  const { by, via } = decision;
  if (isRequester(by, decidable)) {
    return `${by} asked for this promotion or wrote a commit of it, so someone else must approve it.`;
  }
  if (!isOtherLogin(decision, decidable)) return undefined;
  const asked = (decidable.requestedVia ?? []).join(' and ');
  const other = via === undefined ? "without Windlass's API" : `through ${via}`;
  return `This promotion was asked for through ${asked}, and one person can log in in several ways, so an approval ${other} does not count.`;
}

/** The same of an approval. To approve a second time is no fault and changes nothing. */
export function approvalFault(decision: Decision, decidable: Decidable, now: number): string | undefined {
  const fault = decisionFault(decision, decidable);
  if (fault !== undefined) return fault;
  const { settings, approvals } = decidable;
  const asking = settings.filter((each) => isNamed(decision, each));
  const requested = asking.some((each) => each.allowRequesters === true)
    ? undefined
    : requesterFault(decision, decidable);
  if (requested !== undefined) return requested;
  const quorums = asking.map((each) => quorumOf(approvals, each, now, decidable));
  const isOf = ({ by, via }: GivenApproval): boolean => by === decision.by && via === decision.via;
  const isGiven = quorums.some(({ counting, apart }) => [...counting, ...apart].some(isOf));
  if (isGiven || quorums.some(({ missing }) => missing > 0)) return undefined;
  const names = new Set(quorums.flatMap(({ counting }) => counting.map(({ by }) => by)));
  return `This promotion has the approvals that it needs, of ${[...names].join(', ')}.`;
}
