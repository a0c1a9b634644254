import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { manifestPath } from './cluster/cluster';
import { type DemoService } from './services/demo-service';

/** The demo's only application, and its pipeline. */
export const fleet = {
  repository: 'demo/fleet',
  pipeline: { namespace: 'demo', name: 'podinfo' },
  environments: ['dev', 'staging', 'prod'],
  version: '1.3.0',
  /** Its Helm tests fail. */
  brokenVersion: '1.4.0',
  fixedVersion: '1.4.1',
} as const;

const [, testedEnvironment, gatedEnvironment] = fleet.environments;
const credentialsSecret = 'podinfo-credentials';

export interface FleetSecrets {
  /** The token for the forge's API and Git. */
  readonly token: string;
  readonly hmacKey: string;
}

/** The HelmRelease of one environment, with the marker; staging runs its Helm tests. */
export function helmReleaseManifest(environment: string, version: string): string {
  const { namespace, name } = fleet.pipeline;
  const test = environment === testedEnvironment ? '  test:\n    enable: true\n' : '';
  return `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: ${name}
  namespace: ${environment}
spec:
  interval: 10m
  chart:
    spec:
      chart: ${name}
      version: ${version} # {"$promotion": "${namespace}:${name}:${environment}"}
      sourceRef:
        kind: HelmRepository
        name: ${name}
${test}`;
}

/** The initial content of the repository. */
export function fleetManifests(): Record<string, string> {
  return Object.fromEntries(
    fleet.environments.map((name) => [manifestPath(name), helmReleaseManifest(name, fleet.version)]),
  );
}

/** Writes the Pipeline and its Secret, as a user does for `--pipelines-dir`. */
export async function writePipelineFiles(
  directory: string,
  service: Pick<DemoService, 'url' | 'provider'>,
  { token, hmacKey }: FleetSecrets,
): Promise<void> {
  await mkdir(directory, { mode: 0o700 });
  await writeFile(join(directory, 'pipeline.yaml'), pipelineManifest(service));
  await writeFile(join(directory, 'secret.yaml'), secretManifest(token, hmacKey), { mode: 0o600 });
}

/** Writes an operator's policy: nothing is proposed for prod before it has passed its Helm tests. */
export async function writePolicyFile(file: string): Promise<void> {
  const policy = `apiVersion: pipelines.weave.works/v1alpha1
kind: PromotionPolicy
rules:
  - name: tested-before-${gatedEnvironment}
    environments: [${gatedEnvironment}]
    gates:
      promoteOn: tested
`;
  await writeFile(file, policy);
}

function pipelineManifest({ url, provider }: Pick<DemoService, 'url' | 'provider'>): string {
  const { namespace, name } = fleet.pipeline;
  const gates = `      gates:
        stage: merge
        approvals:
          required: 1
`;
  const environments = fleet.environments.map(
    (environment) => `    - name: ${environment}
      targets:
        - namespace: ${environment}
${environment === gatedEnvironment ? gates : ''}`,
  );
  return `apiVersion: pipelines.weave.works/v1alpha1
kind: Pipeline
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  appRef:
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    name: ${name}
  environments:
${environments.join('')}  promotion:
    strategy:
      pull-request:
        type: ${provider}
        url: ${url}/${fleet.repository}.git
        baseBranch: main
        secretRef:
          name: ${credentialsSecret}
      secretRef:
        name: ${credentialsSecret}
`;
}

function secretManifest(token: string, hmacKey: string): string {
  return `apiVersion: v1
kind: Secret
metadata:
  name: ${credentialsSecret}
  namespace: ${fleet.pipeline.namespace}
stringData:
  username: windlass
  password: ${token}
  token: ${token}
  hmac-key: ${hmacKey}
`;
}
