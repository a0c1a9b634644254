import { combineChecks, type CheckVerdict } from '../checks-state';
import { fitLine } from '../fit-texts';
import { type GateCheck, gatesCheckName, type PullRequestProvider } from '../port';
import { type RepositoryApi } from './repository-api';
import { checkRunsSchema, type GithubCheckRun, statusesSchema } from './schema';
import { type z } from 'zod';

/** GitHub refuses longer ones with 422. */
const maxDescription = 140;

type Statuses = z.output<typeof statusesSchema>;

export function checksOn(api: RepositoryApi): Pick<PullRequestProvider, 'setCheck' | 'checks'> {
  const { route, name, client } = api;
  return {
    setCheck: async ({ head, state, description, url }: GateCheck, signal) => {
      const wanted = { state, description: fitLine(description, maxDescription), target_url: url ?? null };
      const present = (await statusesOf(api, head, signal)).find(isGates);
      if (
        present?.state === wanted.state &&
        present.description === wanted.description &&
        present.target_url === wanted.target_url
      ) {
        return;
      }
      const set = { ...name, sha: head, context: gatesCheckName, ...wanted };
      await client.send(route('POST /repos/{owner}/{repo}/statuses/{sha}', set), signal);
    },
    checks: async (head, signal) => {
      const statuses = (await statusesOf(api, head, signal)).filter((each) => !isGates(each));
      const which = { ...name, ref: head, filter: 'latest', per_page: 100 } as const;
      const list = route('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', which);
      const runs = await client.request(checkRunsSchema, list, signal);
      return combineChecks([...statuses.map(statusVerdict), ...runs.map(runVerdict)]);
    },
  };
}

/** The last status of each context. */
async function statusesOf(
  { route, name, client }: RepositoryApi,
  head: string,
  signal: AbortSignal,
): Promise<Statuses> {
  const which = { ...name, ref: head, per_page: 100 };
  const get = route('GET /repos/{owner}/{repo}/commits/{ref}/status', which);
  return client.request(statusesSchema, get, signal);
}

/** GitHub takes contexts that differ in case for the same. */
function isGates({ context }: Statuses[number]): boolean {
  return context.toLowerCase() === gatesCheckName;
}

function statusVerdict({ state }: Statuses[number]): CheckVerdict {
  if (state === 'success') return 'passed';
  return state === 'pending' ? 'pending' : 'failed';
}

/** https://docs.github.com/pull-requests/reference/status-checks: neutral is a success, skipped never ran. */
function runVerdict({ status, conclusion }: GithubCheckRun): CheckVerdict {
  if (status !== 'completed') return 'pending';
  if (conclusion === 'skipped') return 'absent';
  return conclusion === 'success' || conclusion === 'neutral' ? 'passed' : 'failed';
}
