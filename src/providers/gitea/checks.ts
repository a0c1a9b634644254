import { combineChecks, type CheckVerdict } from '../checks-state';
import { fitLine } from '../fit-texts';
import { gatesCheckName, type PullRequestProvider } from '../port';
import { type RepositoryApi } from './repository-api';
import { type GiteaStatus, statusesSchema, statusSchema } from './schema';

/** Gitea takes any; more than that no one reads. */
const maxDescription = 1_000;

export function checksOn(api: RepositoryApi): Pick<PullRequestProvider, 'setCheck' | 'checks'> {
  return {
    setCheck: async ({ head, state, description, url }, signal) => {
      const wanted = { state, description: fitLine(description, maxDescription), target_url: url ?? '' };
      const present = (await statusesOf(api, head, signal)).find(({ context }) => context === gatesCheckName);
      if (
        present?.status === wanted.state &&
        (present.description ?? '') === wanted.description &&
        (present.target_url ?? '') === wanted.target_url
      ) {
        return;
      }
      const set = api.at('POST', `statuses/${encodeURIComponent(head)}`, {
        context: gatesCheckName,
        ...wanted,
      });
      await api.client.request(statusSchema, set, signal);
    },
    checks: async (head, signal) => {
      const statuses = await statusesOf(api, head, signal);
      return combineChecks(statuses.filter(({ context }) => context !== gatesCheckName).map(verdictOf));
    },
  };
}

/**
 * The last status of each context. Of all statuses, because the combined one counts its contexts wrongly (1.26), and so ends
 * after the first page; ordered here, because `highestindex` and `leastindex` mean the opposite of what they say.
 */
async function statusesOf(
  { client, list }: RepositoryApi,
  head: string,
  signal: AbortSignal,
): Promise<readonly GiteaStatus[]> {
  const request = list(`commits/${encodeURIComponent(head)}/statuses`, { sort: 'leastindex' });
  const statuses = await client.request(statusesSchema, request, signal);
  const oldestFirst = [...statuses].sort((left, right) => left.id - right.id);
  const last = new Map(oldestFirst.map((each) => [each.context, each]));
  return [...last.values()];
}

/** As Gitea combines them: https://github.com/go-gitea/gitea/blob/v1.26.0/modules/commitstatus/commit_status.go */
function verdictOf({ status }: GiteaStatus): CheckVerdict {
  switch (status) {
    case 'success':
      return 'passed';
    case 'skipped':
      return 'absent';
    case 'failure':
    case 'error':
    case 'warning':
      return 'failed';
    default:
      return 'pending';
  }
}
