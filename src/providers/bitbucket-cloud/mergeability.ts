import { unlessRefused } from '../rest/unless-refused';
import { type RepositoryApi } from './repository-api';
import { type MergeabilityCheck, mergeabilitySchema } from './schema';

/** What keeps a pull request from being merged; nothing of one that is not there. */
export async function mergeabilityOf(
  { client, get }: RepositoryApi,
  number: number,
  signal: AbortSignal,
): Promise<readonly MergeabilityCheck[]> {
  const asked = client.request(mergeabilitySchema, get(`pullrequests/${number}/mergeability/checks`), signal);
  return (await unlessRefused(['repository-not-found'], asked)) ?? [];
}

/** Whether an open pull request has conflicts. */
export function conflicts(checks: readonly MergeabilityCheck[]): boolean {
  if (hasFailed(checks, 'pullrequest_state_check')) return false;
  return checks.some(({ type, reason }) => type === 'git_mergeability_check' && reason === 'conflicts');
}

export function hasFailed(checks: readonly MergeabilityCheck[], type: string): boolean {
  return checks.some((check) => check.type === type && check.status === 'FAILED');
}

/** `type: reason` of each that failed. */
export function failuresOf(checks: readonly MergeabilityCheck[]): readonly string[] {
  return checks
    .filter(({ status }) => status === 'FAILED')
    .map(({ type, reason }) => [type, reason ?? ''].filter((each) => each !== '').join(': '));
}
