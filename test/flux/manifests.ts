/** What the owner of an application writes, taken from README.md: names, versions and addresses are put in. */
import { documentedAlerting, documentedYaml } from '../kubernetes/documented-manifests';
import { fluxNamespace } from '../support/flux-controller';
import { environments, type Installation } from '../support/installation';
import { objectsIn } from '../support/kube-objects';
import { hookSecret } from '../support/provider-deliveries';
import { type Lab } from './lab';

export type Environment = (typeof environments)[number];

const page = 'README.md';
const documentedKey = '0a1b2c-the-contents-of-the-file-hmac-key';

export const namespaceOf = (application: string, environment: Environment) => `${application}-${environment}`;
export const repositoryOf = (application: string) => `fleet/${application}`;
/** The file with an environment's version. */
export const releaseFile = (environment: Environment) => `${environment}/release.yaml`;

type Directory = Environment | 'promotion';
export const kustomizationOf = (application: string, directory: Directory) => `${application}-${directory}`;

export const gitUrl = ({ forge }: Installation, application: string) =>
  `${forge.url}/${repositoryOf(application)}.git`;

/** How the charts of an application are delivered. */
export interface Delivery {
  readonly source: 'HelmRepository' | 'OCIRepository';
  /** The manifests of one environment: HelmRelease and source. */
  manifests(lab: Lab, application: string, environment: Environment): string;
}

/** Lines for an environment, where it has any. */
export type Lines = Readonly<Partial<Record<Environment, string>>>;

/**
 * Step 3 of the README: from a HelmRepository. `dev` follows a range and has no marker.
 * @param specs more lines for the `spec` of HelmReleases
 */
export const fromChartRepository = (specs: Lines = {}): Delivery => ({
  source: 'HelmRepository',
  manifests: (lab, application, environment) =>
    releaseFromChartRepository(lab, application, environment).replace(
      'spec:\n',
      `spec:\n${specs[environment] ?? ''}`,
    ),
});

/** Lines for the `spec` of a HelmRelease. */
export const enabledTests = '  test:\n    enable: true\n';
export const remediation = (retries: number): string =>
  `  upgrade:\n    remediation:\n      retries: ${retries}\n      remediateLastFailure: true\n`;

function releaseFromChartRepository(lab: Lab, application: string, environment: Environment): string {
  const marked = `version: 1.3.0 # {"$promotion": "apps:${application}:prod"}`;
  const release = documentedYaml(page, ['kind: HelmRelease', '$promotion'], {
    'my-app-prod': namespaceOf(application, environment),
    'my-app': application,
    [marked]:
      environment === 'dev'
        ? 'version: ">=1.0.0"'
        : `version: 1.0.0 # {"$promotion": "apps:${application}:${environment}"}`,
  });
  return `${release}---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata:
  name: ${application}
  namespace: ${namespaceOf(application, environment)}
spec:
  interval: 10m
  url: ${lab.charts.urlOf(application)}
`;
}

/** From an OCIRepository. @param ref what each environment follows, as the one field of its `ref` */
export const fromRegistry = (ref: (environment: Environment, marker: string) => string): Delivery => ({
  source: 'OCIRepository',
  manifests: (lab, application, environment) => `apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata:
  name: ${application}
  namespace: ${namespaceOf(application, environment)}
spec:
  interval: 10m
  url: ${lab.registry.urlOf(application)}
  insecure: true
  ref:
    ${ref(environment, `# {"$promotion": "apps:${application}:${environment}"}`)}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: ${application}
  namespace: ${namespaceOf(application, environment)}
spec:
  interval: 10m
  chartRef:
    kind: OCIRepository
    name: ${application}
`,
});

/** All files of an application's repository: a directory for each environment, and one with what Windlass needs. */
export function filesOf(
  lab: Lab,
  application: string,
  delivery: Delivery,
  gates: Lines,
): Record<string, string> {
  const files: Record<string, string> = { 'promotion/pipeline.yaml': pipeline(lab, application, gates) };
  for (const environment of environments) {
    files[`promotion/${environment}.yaml`] = withoutSecrets(alerting(lab, application, environment));
    files[releaseFile(environment)] = delivery.manifests(lab, application, environment);
  }
  return files;
}

/** What is not in Git: the Secrets of Windlass and of Flux. */
export function secretsOf(lab: Lab, application: string): string {
  const { hmacKey, token } = lab.installation;
  const windlass = documentedYaml(page, ['kind: Secret', 'hmac-key:'], {
    [documentedKey]: hmacKey,
    'github_pat_the-token-of-step-2': `${token}\n  webhook-secret: ${hookSecret}`,
    'my-app': application,
  });
  const flux = environments.map((environment) => onlySecrets(alerting(lab, application, environment)));
  return [windlass, ...flux].join('---\n');
}

/** The README's first Pipeline. @param gates of environments */
function pipeline({ installation }: Lab, application: string, gates: Lines): string {
  const withGates = Object.entries(gates).map(([environment, lines]) => {
    const name = `name: ${environment},`;
    return [name, `${name} gates: ${lines},`] as const;
  });
  return documentedYaml(page, ['kind: Pipeline', 'pull-request:', 'name: prod'], {
    'https://github.com/example/fleet': gitUrl(installation, application),
    'my-app': application,
    ...Object.fromEntries(withGates),
  });
}

/** Step 4 of the README. */
function alerting({ installation, webhook }: Lab, application: string, environment: Environment): string {
  return documentedAlerting(page, {
    'https://windlass.example.com/promotion/apps/my-app/dev': `${webhook}/promotion/apps/${application}/${environment}`,
    [documentedKey]: installation.hmacKey,
    'my-app-dev': namespaceOf(application, environment),
    'my-app': application,
  });
}

const documents = (yaml: string, isWanted: (kind: string) => boolean) =>
  objectsIn(yaml)
    .filter(({ kind }) => isWanted(kind))
    .map((object) => `${JSON.stringify(object)}\n`)
    .join('---\n');
const onlySecrets = (yaml: string) => documents(yaml, (kind) => kind === 'Secret');
const withoutSecrets = (yaml: string) => documents(yaml, (kind) => kind !== 'Secret');

/** What `flux bootstrap` and `flux create` leave in the cluster: the repository, and what is applied from it. */
export function syncOf({ installation }: Lab, application: string): string {
  const metadata = (name: string) => ({ name, namespace: fluxNamespace });
  const kustomization = (directory: Directory, spec: object) => ({
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: metadata(kustomizationOf(application, directory)),
    spec: {
      interval: '10m',
      retryInterval: '5s',
      path: `./${directory}`,
      prune: true,
      sourceRef: { kind: 'GitRepository', name: application },
      ...spec,
    },
  });
  const objects = [
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: metadata(application),
      stringData: { username: 'flux', password: installation.token },
    },
    {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'GitRepository',
      metadata: metadata(application),
      spec: {
        interval: '10m',
        url: gitUrl(installation, application),
        ref: { branch: 'main' },
        secretRef: { name: application },
      },
    },
    kustomization('promotion', { wait: true, timeout: '2m' }),
    // An Alert that came after a HelmRelease would miss its first event.
    ...environments.map((environment) =>
      kustomization(environment, { dependsOn: [{ name: kustomizationOf(application, 'promotion') }] }),
    ),
  ];
  return objects.map((object) => JSON.stringify(object)).join('\n---\n');
}
