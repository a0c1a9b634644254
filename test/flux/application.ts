/** An application in three environments, and what happens to it: nothing here is shared with another one. */
import { type PullRequestRecord } from '../../demo/forge/pull-request-record';
import { environments } from '../support/installation';
import { apply, createNamespaces } from '../support/kube-objects';
import { fluxNamespace } from '../support/flux-controller';
import { type Chart } from './chart';
import { type Identity, read, reconcile } from './kube';
import { type Lab } from './lab';
import {
  type Delivery,
  type Environment,
  type Lines,
  filesOf,
  fromChartRepository,
  kustomizationOf,
  namespaceOf,
  releaseFile,
  repositoryOf,
  secretsOf,
  syncOf,
} from './manifests';
import { eventsOf, type LastPromotion, lastPromotionOf } from './pipeline-status';
import { deliver } from './repository-webhook';
import { withinAStep } from './within-a-step';

export interface Application {
  readonly name: string;
  /** An object of an environment, by the application's name. */
  object(kind: Identity['kind'], environment: Environment): Identity;
  kustomization(environment: Environment): Identity;
  /** Publishes a chart, and has Flux look for it. */
  publish(version: string, fault?: Chart['fault']): Promise<void>;
  unpublish(version: string): Promise<void>;
  /** Has Flux look for charts. */
  lookForCharts(): Promise<void>;
  /** A person's commit on `main` that changes an environment's file, and has Flux look for it. */
  change(environment: Environment, was: string, is: string): Promise<void>;
  /** The same of a value that the chart is given, while its version stays. Waits for Windlass's answer to the report. */
  greet(environment: Environment, greeting: string): Promise<void>;
  /** Is done once an environment runs a version, and helm-controller has said so. */
  runs(environment: Environment, version: string): Promise<void>;
  /** Is done once helm-controller has told so of an environment's HelmRelease: the reason of an Event. */
  tells(environment: Environment, reason: string): Promise<void>;
  /** The version of the chart that source-controller has for a HelmRelease, whether that runs it or not. */
  chartRevision(environment: Environment): Promise<string | undefined>;
  /** The version that runs. */
  running(environment: Environment): Promise<string | undefined>;
  /** Every pull request there was into an environment, oldest first. */
  pullRequests(environment: Environment): readonly PullRequestRecord[];
  /** The statuses of the last pull request into an environment: contexts and states. */
  checks(environment: Environment): readonly (readonly [string, string])[];
  /** Waits for the open pull request that writes this version into an environment's file. */
  pullRequest(environment: Environment, version: string): Promise<PullRequestRecord>;
  /** Merges it, and has Flux look. */
  merge(pullRequest: PullRequestRecord): Promise<void>;
  /** A person closes it, and the repository's webhook says that there is something to look at. */
  close(pullRequest: PullRequestRecord): Promise<void>;
  /** What the repository's webhook sends after a pull request was merged or closed. */
  deliver(): Promise<void>;
  /** Brings a version that `dev` runs into `staging`, and on into `prod`, by merging what Windlass opens. */
  promote(version: string, into?: readonly Environment[]): Promise<void>;
  /** Waits until the Pipeline's status says so of the last promotion into an environment. */
  shows(environment: Environment, version: string, state: string): Promise<LastPromotion>;
  /** Waits for an Event on the Pipeline about a version into an environment. @returns all their reasons, oldest first */
  hasEvent(environment: Environment, version: string, reason: string): Promise<readonly string[]>;
  /** What the webhook answered to an environment's reports, oldest first. */
  answers(environment: Environment): readonly string[];
}

interface Installed {
  readonly delivery?: Delivery;
  /** The version, as its chart writes it. */
  readonly first?: string;
  /** `gates` of environments, in one line. */
  readonly gates?: Lines;
  /** The files of its repository, and what Flux applies from it, where they are not those of the README. */
  readonly files?: Readonly<Record<string, string>>;
  readonly sync?: string;
}

/** Installs an application in every environment, and waits until Windlass has answered its first reports. */
export async function installApplication(
  lab: Lab,
  name: string,
  installed: Installed = {},
): Promise<Application> {
  const { delivery = fromChartRepository(), first = '1.0.0', gates = {} } = installed;
  const { files = filesOf(lab, name, delivery, gates), sync = syncOf(lab, name) } = installed;
  const application = applicationIn(lab, name, delivery);
  await createNamespaces(lab.cluster, ...environments.map((environment) => namespaceOf(name, environment)));
  await apply(lab.cluster, secretsOf(lab, name));
  await application.publish(first);
  await lab.installation.forge.createRepository(repositoryOf(name), files);
  await apply(lab.cluster, sync);
  for (const environment of environments) await application.runs(environment, first);
  await withinAStep(() => {
    for (const environment of ['dev', 'staging'] as const)
      expect(application.answers(environment)).toContain('accepted');
    expect(application.answers('prod')).toContain('recorded');
  });
  return application;
}

function applicationIn(lab: Lab, name: string, delivery: Delivery): Application {
  const { cluster, installation } = lab;
  const { forge } = installation;
  const repository = repositoryOf(name);
  const object: Application['object'] = (kind, environment) => ({
    kind,
    namespace: namespaceOf(name, environment),
    name,
  });
  const lookForCharts = async () => {
    const sources = environments.map((environment) => object(delivery.source, environment));
    await Promise.all(
      sources.map(async (source) => {
        if ((await read(cluster, source)) !== undefined) await reconcile(cluster, source);
      }),
    );
  };
  const lookAtGit = () => reconcile(cluster, { kind: 'GitRepository', namespace: fluxNamespace, name });
  const running: Application['running'] = async (environment) => {
    const map = await read<{ data?: { version?: string } }>(cluster, object('ConfigMap', environment));
    return map?.data?.version;
  };
  const runs: Application['runs'] = (environment, version) =>
    withinAStep(async () => {
      const release = await read<HelmRelease>(cluster, object('HelmRelease', environment));
      const isReady = release?.status?.conditions?.some(
        ({ type, status }) => type === 'Ready' && status === 'True',
      );
      expect([await running(environment), isReady]).toEqual([version, true]);
    });
  const pullRequests: Application['pullRequests'] = (environment) =>
    forge
      .pullRequests(repository)
      .filter(({ head }) => head === `promotion-apps-${name}-${environment}`)
      .reverse();
  const pullRequest: Application['pullRequest'] = (environment, version) =>
    withinAStep(async () => {
      const open = pullRequests(environment).filter(({ state }) => state === 'open');
      expect(open).toHaveLength(1);
      const [found] = open as [PullRequestRecord];
      expect(await forge.readFile(repository, found.head, releaseFile(environment))).toMatch(
        new RegExp(`: ${version.replaceAll('.', '[.]')} # .*promotion`),
      );
      return found;
    });
  const merge: Application['merge'] = async ({ number }) => {
    await forge.mergePullRequest(repository, number);
    await lookAtGit();
  };
  const change: Application['change'] = async (environment, was, is) => {
    const file = releaseFile(environment);
    const text = await forge.readFile(repository, 'main', file);
    if (!text.includes(was)) throw new Error(`${file} of ${name} has no ${was}.`);
    await forge.commit(repository, 'main', { [file]: text.replace(was, is) }, `Change ${environment}`);
    await lookAtGit();
  };
  const answers: Application['answers'] = (environment) => lab.answers(name, environment);
  return {
    name,
    object,
    kustomization: (environment) => ({
      kind: 'Kustomization',
      namespace: fluxNamespace,
      name: kustomizationOf(name, environment),
    }),
    async publish(version, fault) {
      const chart = { name, version, ...(fault === undefined ? {} : { fault }) };
      await (delivery.source === 'HelmRepository' ? lab.charts.publish(chart) : lab.registry.push(chart));
      await lookForCharts();
    },
    async unpublish(version) {
      await lab.charts.unpublish({ name, version });
      await lookForCharts();
    },
    lookForCharts,
    change,
    async greet(environment, greeting) {
      const before = answers(environment).length;
      const text = await forge.readFile(repository, 'main', releaseFile(environment));
      const [was] = /^ {4}greeting: .*$/m.exec(text) ?? ['  chart:\n'];
      const is = `    greeting: ${greeting}`;
      await change(environment, was, was.includes('greeting') ? is : `  values:\n${is}\n${was}`);
      await withinAStep(() => answers(environment).length > before);
    },
    runs,
    tells: async (environment, reason) => {
      await withinAStep(async () => {
        const about = `fieldSelector=involvedObject.kind=HelmRelease,reason=${reason}`;
        const path = `/api/v1/namespaces/${namespaceOf(name, environment)}/events?${about}`;
        const { items } = (await cluster.request('GET', path)).body as { items: readonly unknown[] };
        return items.length > 0;
      });
    },
    running,
    async chartRevision(environment) {
      const chart = object('HelmChart', environment);
      const found = await read<{ status?: { artifact?: { revision: string } } }>(cluster, {
        ...chart,
        // helm-controller makes it of the HelmRelease's namespace and name.
        name: `${chart.namespace}-${name}`,
      });
      return found?.status?.artifact?.revision;
    },
    pullRequests,
    checks(environment) {
      const { headSha = '' } = pullRequests(environment).at(-1) ?? {};
      const statuses = forge.repository(repository).checks.latestStatuses(headSha);
      return statuses.map(({ context, state }) => [context, state]);
    },
    pullRequest,
    merge,
    async close({ number }) {
      await forge.closePullRequest(repository, number);
      await deliver(lab, name);
    },
    deliver: () => deliver(lab, name),
    async promote(version, into = ['staging', 'prod']) {
      for (const environment of into) {
        await merge(await pullRequest(environment, version));
        await runs(environment, version);
      }
    },
    shows: (environment, version, state) =>
      withinAStep(async () => {
        const last = await lastPromotionOf(cluster, name, environment);
        expect(last).toMatchObject({ version, state });
        return last as LastPromotion;
      }),
    hasEvent: (environment, version, reason) =>
      withinAStep(async () => {
        const reasons = await eventsOf(cluster, name, environment, version);
        expect(reasons).toContain(reason);
        return reasons;
      }),
    answers,
  };
}

interface HelmRelease {
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}
