import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { manifestPath } from './cluster/cluster';

/** The demo's only application, and its pipeline. */
export const fleet = {
  repository: 'demo/fleet',
  pipeline: { namespace: 'demo', name: 'podinfo' },
  environments: ['dev', 'staging', 'prod'],
  version: '1.3.0',
  nextVersion: '1.4.0',
} as const;

const credentialsSecret = 'podinfo-credentials';

export interface FleetSecrets {
  /** The token for the forge's API and Git. */
  readonly token: string;
  readonly hmacKey: string;
}

/** The HelmRelease of one environment, with the marker. */
export function helmReleaseManifest(environment: string, version: string): string {
  const { namespace, name } = fleet.pipeline;
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
`;
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
  forgeUrl: string,
  { token, hmacKey }: FleetSecrets,
): Promise<void> {
  await mkdir(directory, { mode: 0o700 });
  await writeFile(join(directory, 'pipeline.yaml'), pipelineManifest(forgeUrl));
  await writeFile(join(directory, 'secret.yaml'), secretManifest(token, hmacKey), { mode: 0o600 });
}

function pipelineManifest(forgeUrl: string): string {
  const { namespace, name } = fleet.pipeline;
  const environments = fleet.environments.map(
    (environment) => `    - name: ${environment}
      targets:
        - namespace: ${environment}
`,
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
        type: github
        url: ${forgeUrl}/${fleet.repository}.git
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
