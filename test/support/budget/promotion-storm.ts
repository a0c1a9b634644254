/** Many Pipelines of one repository that promote at once, with several workers, on a service with a rate limit. */
import { setTimeout as delay } from 'node:timers/promises';
import { NativeConnection } from '@temporalio/worker';
import { pino } from 'pino';
import { createRegistry } from '../../../src/metrics/registry';
import { type Visits } from '../../../src/activities/budget/visits';
import { type Pace } from '../../../src/domain/budget/pace';
import { type Pipeline } from '../../../src/domain/pipeline/pipeline';
import { type FollowedRepository } from '../../../src/domain/promotion/followed-repository';
import { type RepositoryCache } from '../../../src/git/repository';
import { createOutbound } from '../../../src/http/outbound/create-outbound';
import { providerLogins } from '../../../src/providers/logins';
import { providerOf } from '../../../src/providers/registry';
import { createApiAccess, type OpenOutbound } from '../../../src/providers/rest/api-access';
import { createCredentialSource } from '../../../src/store/credential-source';
import { createFollowerHints } from '../../../src/temporal/follower-hints';
import { createPacedVisits } from '../../../src/worker/paced-visits';
import { type RunningWorker, startWorker } from '../../../src/worker/start-worker';
import { deployment, noon } from '../events';
import { eventually } from '../eventually';
import { inlineParser } from '../inline-parser';
import { type FakeGitlab, startFakeGitlab } from '../fake-gitlab';
import { memoryStore } from '../memory-store';
import { createWorkflowEnvironment, type WorkflowEnvironment } from '../workflow-environment';
import { type LimitedApi, startLimitedApi } from './limited-api';
import { memoryRepositories } from './memory-repositories';

type Project = ReturnType<FakeGitlab['project']>;

const fullName = 'acme/fleet';
const token = 'token-of-the-storm';
/** How long people take. */
const reviewMs = 1_000;

export interface PromotionStorm {
  readonly environment: WorkflowEnvironment;
  readonly project: Project;
  /** The branches of all pushes so far. */
  readonly pushes: readonly string[];
  readonly api: LimitedApi;
  /** Has every Pipeline promote a version. */
  report(): Promise<void>;
  /** Merges whatever is proposed, as people would, and tells Windlass of it, until it is closed. */
  mergeWhatIsProposed(): void;
  /** How many promotions show this state. */
  readonly count: (state: string) => Promise<number>;
  close(): Promise<void>;
}

export interface StormSize {
  readonly promotions: number;
  readonly workers: number;
  readonly limit: number;
  readonly windowMs: number;
  /**
   * Windlass merges, and the service takes only what is up to date with the base branch and what its checks have passed; they
   * pass at once.
   */
  readonly mergesUpToDate?: true;
}

export async function startPromotionStorm(size: StormSize): Promise<PromotionStorm> {
  const environment = await createWorkflowEnvironment();
  const service = await startFakeGitlab({ token, projects: [fullName] });
  const project = service.project(fullName);
  const names = Array.from({ length: size.promotions }, (_, index) => `app-${index + 1}`);
  const pushes: string[] = [];
  const repositories = memoryRepositories(
    new Map(
      names.map((name) => [
        `staging/${name}.yaml`,
        `version: 1.0.0 # {"$promotion": "apps:${name}:staging"}\n`,
      ]),
    ),
    {
      head: (branch) => (project.branches.has(branch) ? project.head(branch) : undefined),
      push: (branch, commit) => {
        pushes.push(branch);
        project.push(branch, commit);
        if (size.mergesUpToDate === true) passChecks(project, branch);
      },
      base: () => baseAfter(project.mergeRequests.filter(({ state }) => state === 'merged').length),
    },
  );
  if (size.mergesUpToDate === true) requireUpToDate(project);
  const api = await startLimitedApi(service.url, size);
  const followed: FollowedRepository = {
    namespace: 'apps',
    secretName: 'git',
    provider: 'gitlab',
    url: `${service.url}/${fullName}.git`,
    apiUrl: `${api.url}/api/v4`,
  };
  const pipelines = names.map((name) => pipelineOf(name, followed, size));
  const workers: RunningWorker[] = [];
  const connections: NativeConnection[] = [];
  let merging: NodeJS.Timeout | undefined;
  for (let nth = 1; nth <= size.workers; nth++) {
    const connection = await NativeConnection.connect({
      address: process.env['WINDLASS_TEST_TEMPORAL_ADDRESS'] ?? '',
    });
    connections.push(connection);
    workers.push(await startOne(environment, connection, { repositories, pipelines, api }, size.windowMs));
  }
  return {
    environment,
    project,
    pushes,
    api,
    async report() {
      for (const [index, name] of names.entries()) {
        const pipeline = { namespace: 'apps', name };
        const at = noon + index * 1_000;
        const event = deployment({ pipeline, version: '1.1.0', release: 2, at, reporter: name });
        // As Flux does, where a busy server does not take it in time.
        await eventually(() => environment.report(event), 300_000);
      }
    },
    mergeWhatIsProposed() {
      const hints = createFollowerHints(environment.client);
      merging = setInterval(() => {
        const open = project.mergeRequests.filter(
          ({ state, updatedAt }) => state === 'opened' && updatedAt < Date.now() - reviewMs,
        );
        for (const each of open) project.end(each, 'merged', 'alice');
        if (open.length > 0) void hints.look(followed, 5_000).catch(() => undefined);
      }, reviewMs);
    },
    count: async (state) => {
      const query = `WorkflowType = 'promotion' AND WindlassState = '${state}'`;
      return (await environment.client.workflow.count(query)).count;
    },
    async close() {
      clearInterval(merging);
      await Promise.all(workers.map((worker) => worker.close()));
      await Promise.all(connections.map((connection) => connection.close()));
      await environment.close();
      await api.close();
      await service.close();
    },
  };
}

function baseAfter(merges: number): string {
  return merges.toString(16).padStart(40, 'b');
}

function passChecks(project: Project, branch: string): void {
  const sha = project.head(branch);
  const own = { author: 'ci', allowFailure: false, description: undefined, targetUrl: undefined };
  project.addStatus({ ...own, sha, name: 'ci', status: 'success' });
  for (const each of project.mergeRequests) if (each.sourceBranch === branch) each.mergeStatus = 'mergeable';
}

/** Each merge puts the others behind. */
function requireUpToDate(project: Project): void {
  const end = project.end.bind(project);
  project.end = (record, state, by) => {
    end(record, state, by);
    const others = project.mergeRequests.filter((each) => each.state === 'opened');
    for (const each of others) each.mergeStatus = 'need_rebase';
  };
  // The branch is replaced by each push.
  project.commitsBetween = (source) => {
    const who = { name: 'Windlass', email: 'windlass@example.com' };
    return Promise.resolve([{ id: project.head(source), message: 'Promote\n', author: who, committer: who }]);
  };
}

function pipelineOf(
  name: string,
  { provider, url, apiUrl, secretName }: FollowedRepository,
  { mergesUpToDate }: StormSize,
): Pipeline {
  return {
    namespace: 'apps',
    name,
    appRef: { apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease', name },
    environments: ['dev', 'staging'].map((each) => ({ name: each, targets: [{ namespace: each }] })),
    promotion: {
      manual: false,
      strategy: {
        kind: 'pull-request',
        provider,
        url,
        ...(apiUrl === undefined ? {} : { apiUrl }),
        baseBranch: 'main',
        secretName,
      },
    },
    ...(mergesUpToDate === undefined ? {} : { gates: { autoMerge: true } }),
    allowUnsigned: false,
  };
}

async function startOne(
  { client }: WorkflowEnvironment,
  connection: NativeConnection,
  parts: {
    readonly repositories: RepositoryCache;
    readonly pipelines: readonly Pipeline[];
    readonly api: LimitedApi;
  },
  windowMs: number,
): Promise<RunningWorker> {
  const { repositories, pipelines, api } = parts;
  const store = memoryStore(pipelines, { 'apps/git': { token } });
  const open: OpenOutbound = (hosts) =>
    createOutbound({ allowedHosts: [...hosts, new URL(api.url).host], allowPlainHttp: false });
  const credentials = createCredentialSource(store, providerLogins(open));
  const registry = createRegistry();
  const log = pino({ level: process.env['STORM_LOG'] ?? 'silent' });
  return startWorker({
    connection,
    namespace: client.options.namespace,
    workflowBundle: { codePath: process.env['WINDLASS_TEST_WORKFLOW_BUNDLE'] ?? '' },
    client,
    registry,
    log,
    dependencies: {
      store,
      parser: inlineParser,
      repositories,
      provider: providerOf,
      apiAccess: createApiAccess(credentials, open),
      promotionPage: () => undefined,
      notifications: { send: () => Promise.resolve() },
      retry: { delayMs: 200, maxDelayMs: 1_000, threshold: 3 },
      log,
      visits: inFastTime(createPacedVisits({ client, registry, log }), windowMs / 60_000),
    },
  });
}

/** The service's published limits, with minutes as long as the window of its headers. */
function inFastTime(visits: Visits, factor: number): Visits {
  const faster = (pace: Pace): Pace => ({
    ...pace,
    // GitHub's 500 changes an hour would be what the test measures.
    limits: pace.limits
      .filter(({ perMs }) => perMs <= 60_000)
      .map((limit) => ({ ...limit, perMs: Math.ceil(limit.perMs * factor) })),
  });
  return {
    ...visits,
    run: (name, most, work) =>
      visits.run(name, most, (pacer) =>
        work({
          send: (request, signal, send) =>
            pacer.send({ ...request, pace: faster(request.pace) }, signal, send),
        }),
      ),
  };
}

/**
 * Waits until there are so many, as long as their number changes.
 * @returns how many there are in the end
 */
export async function untilThereAre(
  wanted: number,
  look: () => Promise<number>,
  stallMs: number,
): Promise<number> {
  let last = -1;
  let changedAt = Date.now();
  for (;;) {
    // A busy server may answer late.
    const now = await look().catch(() => last);
    if (now !== last) changedAt = Date.now();
    last = now;
    if (now >= wanted || Date.now() - changedAt > stallMs) return now;
    await delay(250);
  }
}
