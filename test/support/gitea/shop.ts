/** One application of many on a Gitea: a repository, and a Pipeline that promotes by pull requests in it. */
import { stringify } from 'yaml';
import { promotionBranch } from '../../../src/domain/promotion/promotion-branch-name';
import { promotionId } from '../../../src/workflows/contract/ids';
import { type LaneState } from '../../../src/domain/lane/lane-state';
import { eventually } from '../eventually';
import { environments, pathOf, pipelineManifest, release, secretManifest } from '../installation';
import { type Installed, type Manifests, type Report } from '../installed';
import { ended, laneState } from '../lane-outcomes';
import { type Gitea } from './client';

export interface GiteaPullRequest {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly state: 'open' | 'closed';
  readonly merged: boolean;
  readonly mergeable: boolean;
  readonly html_url: string;
  readonly head: { readonly sha: string };
}

export interface ShopOptions {
  /** In `spec.gates` of the Pipeline. */
  readonly gates?: object;
  /** More of its `pull-request`, or other than usual. */
  readonly pullRequest?: object;
  /** Of the Secret for Git and API. */
  readonly secret: Readonly<Record<string, string>>;
}

/** What a test does with one application; promotions are into staging. */
export interface GiteaShop {
  /** `organization/name` */
  readonly repository: string;
  /** The promotion branch of staging. */
  readonly branch: string;
  /** Reports that an environment runs a version. @returns the id of the promotion into staging that it is for */
  report(report: Omit<Report, 'pipeline'>): Promise<string>;
  /** Waits until the newest promotion stands so. */
  ended(version: string, state: string): Promise<LaneState>;
  state(): Promise<LaneState>;
  /** Newest first. */
  pullRequests(): Promise<readonly GiteaPullRequest[]>;
  /** @throws Error unless there is exactly one */
  openPullRequest(): Promise<GiteaPullRequest>;
  /** The manifest of staging on a branch. */
  manifest(branch?: string): Promise<string>;
  release(version: string): string;
}

/** The busiest machine takes its time with a program, Git, an API and Temporal. */
const patience = { limitMs: 80_000 };

/** Creates the repository of a Pipeline. */
export async function createShopRepository(
  gitea: Gitea,
  repository: string,
  name: string,
  writers: readonly string[],
): Promise<void> {
  const files = environments.map((each) => [pathOf(each), release(each, '1.0.0', name)] as const);
  await gitea.createRepository(repository, { files: Object.fromEntries(files), writers });
}

export function shopManifests(
  gitea: Gitea,
  repository: string,
  name: string,
  { gates, pullRequest, secret }: ShopOptions,
): Manifests {
  const promotion = {
    strategy: {
      'pull-request': {
        ...{ type: 'gitea', url: `${gitea.url}/${repository}.git`, secretRef: { name: `git-${name}` } },
        ...pullRequest,
      },
      secretRef: { name: 'hmac' },
    },
  };
  const rules = gates === undefined ? '' : stringify({ gates }).replace(/^/gm, '  ').trimEnd() + '\n';
  return {
    pipeline: pipelineManifest(promotion, name).replace('spec:\n', `spec:\n${rules}`),
    secrets: secretManifest(`git-${name}`, secret),
  };
}

export function giteaShop(gitea: Gitea, installed: Installed, repository: string, name: string): GiteaShop {
  const pipeline = { namespace: 'apps', name };
  const branch = promotionBranch(pipeline, 'staging');
  const pullRequests = async (): Promise<readonly GiteaPullRequest[]> =>
    (await gitea.request('GET', `repos/${repository}/pulls?state=all&limit=50`)) as GiteaPullRequest[];
  return {
    repository,
    branch,
    pullRequests,
    report: async (report) => {
      const answer = await installed.report({ ...report, pipeline: name });
      const { event = '' } = (await answer.json()) as { readonly event?: string };
      expect(answer.status).toBe(202);
      return promotionId(pipeline, 'staging', report.version, event);
    },
    ended: (version, state) => ended(installed, version, state, { pipeline: name, ...patience }),
    state: () => laneState(installed, 'staging', name),
    openPullRequest: async () => {
      const [only, ...more] = (await pullRequests()).filter(({ state }) => state === 'open');
      if (only === undefined || more.length > 0) throw new Error(`${more.length} more or none are open.`);
      return only;
    },
    manifest: (on = 'main') => gitea.read(repository, pathOf('staging'), on),
    release: (version) => release('staging', version, name),
  };
}

/** Merges by hand, once Gitea has looked for conflicts. */
export async function mergeByHand(
  gitea: Gitea,
  repository: string,
  number: number,
  person: string,
): Promise<void> {
  const path = `repos/${repository}/pulls/${number}`;
  await eventually(
    async () => ((await gitea.request('GET', path)) as GiteaPullRequest).mergeable,
    patience.limitMs,
  );
  await gitea.request('POST', `${path}/merge`, { Do: 'merge' }, person);
}
