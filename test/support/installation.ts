/** The demo's forge with one Pipeline, and the built programs. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type Forge, startForge } from '../../demo/forge/forge';
import { type GithubAppOptions } from '../../demo/forge/github-app';
import { install, type Installed, type InstalledOptions } from './installed';

export { post } from './installed';

export const repository = 'acme/fleet';
export const environments = ['dev', 'staging', 'prod'] as const;

export interface InstallationOptions extends InstalledOptions {
  /** The Pipeline's manifest, where the usual one will not do. */
  readonly pipeline?: (forge: Forge) => string;
  /** The Secrets' values. */
  readonly secrets?: { readonly token?: string; readonly hmacKey?: string };
  /** A GitHub App of the forge. */
  readonly app?: GithubAppOptions;
  /** The values of the Secret for Git and API, where it is not to have the token. */
  readonly gitSecret?: (forge: Forge) => Readonly<Record<string, string>>;
}

/** A whole installation: forge, Pipelines, Secrets and the two programs, each a process of its own. */
export interface Installation extends Installed {
  readonly forge: Forge;
  readonly token: string;
  /** The manifest of an environment on a branch. */
  manifest(environment: string, branch?: string): Promise<string>;
  /** Stops what runs and removes everything. */
  close(): Promise<void>;
}

export async function createInstallation(options: InstallationOptions = {}): Promise<Installation> {
  const directory = await mkdtemp(join(tmpdir(), 'windlass-e2e-'));
  const token = options.secrets?.token ?? `token-${randomUUID()}`;
  const hmacKey = options.secrets?.hmacKey ?? `key-${randomUUID()}`;
  const forge = await startForge({
    directory: join(directory, 'forge'),
    token,
    ...(options.app === undefined ? {} : { app: options.app }),
  });
  await forge.createRepository(
    repository,
    Object.fromEntries(environments.map((name) => [pathOf(name), release(name)])),
  );
  const manifests = {
    pipeline: options.pipeline?.(forge) ?? pipelineManifest(pullRequestPromotion(forge)),
    secrets: secretManifests(options.gitSecret?.(forge) ?? { token }, hmacKey),
  };
  const installed = await install(directory, hmacKey, manifests, options);
  return {
    ...installed,
    forge,
    token,
    manifest: (environment, branch = 'main') => forge.readFile(repository, branch, pathOf(environment)),
    async close() {
      await installed.close();
      await forge.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export const pathOf = (environment: string): string => `apps/${environment}/release.yaml`;

export const branchOf = (environment: string): string => `promotion-apps-shop-${environment}`;

export function release(environment: string, version = '1.0.0', pipeline = 'shop'): string {
  return `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: shop
  namespace: ${environment}
spec:
  chart:
    spec:
      chart: shop
      version: ${version} # {"$promotion": "apps:${pipeline}:${environment}"}
`;
}

/** A Pipeline through all environments, with this `promotion` block. */
export function pipelineManifest(promotion: object, name = 'shop'): string {
  return stringify({
    apiVersion: 'pipelines.weave.works/v1alpha1',
    kind: 'Pipeline',
    metadata: { name, namespace: 'apps' },
    spec: {
      appRef: { apiVersion: 'helm.toolkit.fluxcd.io/v2beta1', kind: 'HelmRelease', name: 'shop' },
      environments: environments.map((each) => ({ name: each, targets: [{ namespace: each }] })),
      promotion,
    },
  });
}

/** A promotion by pull request on the forge. */
export function pullRequestPromotion(forge: Forge): object {
  return {
    strategy: {
      'pull-request': {
        type: 'github',
        url: `${forge.url}/${repository}.git`,
        baseBranch: 'main',
        secretRef: { name: 'git' },
      },
      secretRef: { name: 'hmac' },
    },
  };
}

/** The Secrets that the usual Pipeline names. */
export function secretManifests(git: Readonly<Record<string, string>>, hmacKey: string): string {
  return [secretManifest('git', git), secretManifest('hmac', { 'hmac-key': hmacKey })].join('---\n');
}

export function secretManifest(name: string, values: Readonly<Record<string, string>>): string {
  const data = Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  return stringify({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'apps' },
    data: Object.fromEntries(data) as Record<string, string>,
  });
}
