import { combineChecks, type CheckVerdict } from '../checks-state';
import { fitLine } from '../fit-texts';
import { type GateCheck, gatesCheckName, type PullRequestProvider } from '../port';
import { type RepositoryApi } from './repository-api';
import { type BitbucketStatus, statusesSchema } from './schema';

/** Columns of 255 characters. */
const maxDescription = 255;
/** Longer URLs are refused: https://github.com/jenkinsci/bitbucket-branch-source-plugin/pull/928 */
const maxUrl = 450;

const states = { pending: 'INPROGRESS', success: 'SUCCESSFUL' } as const;

export function checksOn(api: RepositoryApi): Pick<PullRequestProvider, 'setCheck' | 'checks'> {
  const { client, send, page } = api;
  return {
    setCheck: async ({ head, state, description, url }: GateCheck, signal) => {
      // A status has to have a URL.
      const target = url === undefined || url.length > maxUrl ? `${page}/commits/${head}` : url;
      const wanted = {
        ...{ key: gatesCheckName, name: gatesCheckName, state: states[state], url: target },
        description: fitLine(description, maxDescription),
      };
      const present = (await statusesOf(api, head, signal)).find(isGates);
      if (
        present?.state === wanted.state &&
        present.description === wanted.description &&
        present.url === wanted.url
      ) {
        return;
      }
      // One of the same key takes the place of the last one.
      await client.send(send('POST', `commit/${head}/statuses/build`, wanted), signal);
    },
    checks: async (head, signal) => {
      const statuses = await statusesOf(api, head, signal);
      return combineChecks(statuses.filter((each) => !isGates(each)).map(verdictOf));
    },
  };
}

/** Bitbucket keeps one status of each key. */
function statusesOf(
  { client, list }: RepositoryApi,
  head: string,
  signal: AbortSignal,
): Promise<readonly BitbucketStatus[]> {
  const request = list(`commit/${head}/statuses`, { fields: 'key,state,description,url' });
  return client.request(statusesSchema, request, signal);
}

function isGates({ key }: BitbucketStatus): boolean {
  return key === gatesCheckName;
}

/** A build that was stopped has not passed. */
function verdictOf({ state }: BitbucketStatus): CheckVerdict {
  if (state === 'SUCCESSFUL') return 'passed';
  return state === 'INPROGRESS' ? 'pending' : 'failed';
}
