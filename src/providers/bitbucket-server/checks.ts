import { combineChecks, type CheckVerdict } from '../checks-state';
import { fitLine } from '../fit-texts';
import { type GateCheck, gatesCheckName, type PullRequestProvider } from '../port';
import { unlessRefused } from '../rest/unless-refused';
import { type RepositoryApi } from './repository-api';
import { buildStatsSchema, buildStatusSchema } from './schema';

/** https://developer.atlassian.com/server/bitbucket/rest/v906/api-group-builds-and-deployments/: of its text columns */
const maxDescription = 255;
const maxUrl = 450;

type BuildState = 'SUCCESSFUL' | 'INPROGRESS' | 'FAILED' | 'CANCELLED' | 'UNKNOWN';
/** How many builds are in each state. */
type Counts = Readonly<Record<BuildState, number>>;

interface Build {
  readonly state: string;
  readonly description: string;
  readonly url: string;
}

export function checksOn(api: RepositoryApi): Pick<PullRequestProvider, 'setCheck' | 'checks'> {
  const { client, route } = api;
  return {
    setCheck: async (check, signal) => {
      const wanted = buildOf(check, `${api.page}/commits/${check.head}`);
      const present = await gatesOf(api, check.head, signal);
      if (
        present?.state === wanted.state &&
        (present.description ?? '') === wanted.description &&
        present.url === wanted.url
      ) {
        return;
      }
      // `parent` is what required builds name: a build without one satisfies none of them.
      const body = { key: gatesCheckName, parent: gatesCheckName, name: gatesCheckName, ...wanted };
      await client.send(route('POST', `commits/${encodeURIComponent(check.head)}/builds`, { body }), signal);
    },
    checks: async (head, signal) => {
      const all = await countsOf(api, head, signal);
      const gates = (await gatesOf(api, head, signal))?.state;
      return combineChecks(
        (Object.keys(all) as BuildState[])
          .filter((state) => all[state] > (state === gates ? 1 : 0))
          .map(verdictOf),
      );
    },
  };
}

/** Bitbucket requires a URL: without one, the commit's own page. */
function buildOf({ state, description, url }: GateCheck, page: string): Build {
  return {
    state: state === 'success' ? 'SUCCESSFUL' : 'INPROGRESS',
    description: fitLine(description, maxDescription),
    url: url === undefined || url.length > maxUrl ? page : url,
  };
}

/** `windlass/gates` of a commit; undefined where it has none. */
function gatesOf({ client, route }: RepositoryApi, head: string, signal: AbortSignal) {
  const query = { key: gatesCheckName };
  const get = route('GET', `commits/${encodeURIComponent(head)}/builds`, { query });
  // Also where the repository is missing, of which the next request says so.
  return unlessRefused(['repository-not-found'], client.request(buildStatusSchema, get, signal));
}

/** Of all builds, where a list has the last hundred only. They belong to the commit, in whatever repository it is. */
async function countsOf({ client }: RepositoryApi, head: string, signal: AbortSignal): Promise<Counts> {
  const url = `build-status/latest/commits/stats/${encodeURIComponent(head)}`;
  const stats = await client.request(buildStatsSchema, { method: 'GET', url }, signal);
  return {
    SUCCESSFUL: stats.successful,
    INPROGRESS: stats.inProgress,
    FAILED: stats.failed,
    CANCELLED: stats.cancelled,
    UNKNOWN: stats.unknown,
  };
}

function verdictOf(state: BuildState): CheckVerdict {
  if (state === 'SUCCESSFUL') return 'passed';
  return state === 'FAILED' || state === 'CANCELLED' ? 'failed' : 'pending';
}
