import { type ApprovalSettings } from '../approvals/approval-settings';
import { expiryOf, nextExpiry, type Quorum, quorumOf, quorumUntil } from '../approvals/quorum';
import { rfc3339Seconds } from '../rfc3339';
import { formatPipelineRef } from '../pipeline/pipeline';
import { type RichText } from '../rich-text';
import { commandLine } from '../shell';
import { type Gate, type GateFacts } from './gate';

export interface ApprovalsPolicy {
  /** Absent: none are needed. */
  readonly approvals?: ApprovalSettings;
  /** Only decisions count that the API vouches for. */
  readonly vouched?: true;
}

/** `gates.approvals`: of so many different people. A withdrawal needs none: nothing is deployed by it. */
export const approvals: Gate<ApprovalsPolicy> = (facts, { approvals: settings, vouched }) => {
  const { task, approvals: given, now } = facts;
  if (settings === undefined || task.action === 'withdraw') return { open: true };
  const quorum = quorumOf(given, settings, now, facts);
  if (quorum.missing === 0) {
    const at = quorumUntil(quorum, settings);
    return at === undefined ? { open: true } : { open: true, until: { at } };
  }
  const standing = describeQuorum(quorum, settings);
  const changesAt = nextExpiry(quorum, settings);
  const requesters = settings.allowRequesters === true ? [] : (facts.requesters ?? []);
  return {
    open: false,
    until: 'approvals',
    excluded: [...new Set([...requesters, ...quorum.counting.map(({ by }) => by)])],
    progress: { standing, ...(changesAt === undefined ? {} : { changesAt }) },
    brief: countOf(quorum, settings),
    next: [
      ...(quorum.counting.length === 0 ? [] : [`Approved by ${namesOf(quorum, settings)}. `]),
      ...differentLogins(quorum, settings),
      `To decide, ${vouched === true ? 'use' : 'send the update'} `,
      ...(vouched === true ? commands(facts) : updates(facts)),
      `. ${whoCounts(settings)}A newer version replaces it and needs new approvals.`,
    ],
  };
};

function commands({ task: { pipeline, to, version } }: GateFacts): RichText {
  const run = (verb: string, ...more: string[]): string =>
    commandLine(['windlass', verb, formatPipelineRef(pipeline), to, version, ...more]);
  return [{ code: run('approve') }, ' or ', { code: run('reject', '--comment', 'WHY') }];
}

function updates({ task, workflowId }: GateFacts): RichText {
  return [
    { code: 'approve' },
    ' or ',
    { code: 'reject' },
    ' with ',
    { code: `{"version": "${task.version}", "by": "NAME"}` },
    ' to the workflow ',
    { code: workflowId },
  ];
}

/** Where that is why an approval is missing. */
function differentLogins({ counting, apart }: Quorum, { required }: ApprovalSettings): readonly string[] {
  if (apart.length === 0 || counting.length + apart.length < required) return [];
  const names = apart.map(({ by }) => by).join(', ');
  return [
    `Not added to that, because one person can log in in several ways: ${names}, through another authenticator. `,
  ];
}

/** "1 of 2 approvals: alice." */
export function describeQuorum(quorum: Quorum, settings: ApprovalSettings): string {
  const count = countOf(quorum, settings);
  const names = quorum.counting.length === 0 ? '' : `: ${namesOf(quorum, settings)}`;
  return [`${count}${names}.`, ...differentLogins(quorum, settings)].join(' ').trimEnd();
}

function countOf({ counting }: Quorum, { required }: ApprovalSettings): string {
  return `${counting.length} of ${required} approval${required === 1 ? '' : 's'}`;
}

function namesOf({ counting }: Quorum, settings: ApprovalSettings): string {
  const names = counting.map((approval) => {
    const expiry = expiryOf(approval, settings);
    return Number.isFinite(expiry) ? `${approval.by} (until ${rfc3339Seconds(expiry)})` : approval.by;
  });
  return names.join(', ');
}

function whoCounts({ users, groups }: ApprovalSettings): string {
  return users === undefined && groups === undefined
    ? ''
    : 'Only decisions by the people in gates.approvals count. ';
}
