/** The Pipelines, Secrets, manifests and events of a storm. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { encodeFluxEvent, fluxHeaders, releaseSucceeded } from '../../../src/flux/encode-event';
import { release, secretManifest } from '../installation';
import { type SignedEvent } from '../installed';

export const olderVersion = '1.1.0';
export const newerVersion = '1.2.0';

const namespace = 'apps';
/** A promotion's repository is used by one promotion at a time: teams have repositories of their own. */
const pipelinesPerRepository = 30;

/** How the fleet's Pipelines promote. */
export type StormStrategy = { readonly kind: 'notification' } | StormPullRequests;

export interface StormPullRequests {
  readonly kind: 'pull-request';
  /** Of the forge. */
  readonly url: string;
  readonly token: string;
}

export function pipelineNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `app-${index}`);
}

/** The repositories that so many Pipelines need, and the files in each, by path. */
export function fleetRepositories(count: number): ReadonlyMap<string, Readonly<Record<string, string>>> {
  const files = new Map<string, Record<string, string>>();
  pipelineNames(count).forEach((name, index) => {
    const repository = repositoryOf(index);
    const inRepository = files.get(repository) ?? {};
    inRepository[`apps/${name}/staging.yaml`] = release('staging').replaceAll(
      'apps:shop:',
      `${namespace}:${name}:`,
    );
    files.set(repository, inRepository);
  });
  return files;
}

function repositoryOf(index: number): string {
  return `acme/team-${Math.floor(index / pipelinesPerRepository)}`;
}

/** Writes the Pipelines, each into a file of its own or so many into one, and a file with the Secrets, into a new directory. */
export async function writeFleet(
  directory: string,
  {
    count,
    strategy,
    hmacKey,
    perFile = 1,
  }: {
    readonly count: number;
    readonly strategy: StormStrategy;
    readonly hmacKey: string;
    readonly perFile?: number;
  },
): Promise<void> {
  await mkdir(directory, { recursive: true });
  const token = strategy.kind === 'pull-request' ? strategy.token : 'none';
  const secrets = [secretManifest('git', { token }), secretManifest('hmac', { 'hmac-key': hmacKey })];
  await writeFile(join(directory, 'secrets.yaml'), secrets.join('---\n'));
  const manifests = pipelineNames(count).map((name, index) => pipeline(name, index, strategy));
  for (let first = 0; first < count; first += perFile) {
    const together = manifests.slice(first, first + perFile);
    await writeFile(join(directory, `apps-${first}.yaml`), together.join('---\n'));
  }
}

function pipeline(name: string, index: number, strategy: StormStrategy): string {
  return stringify({
    apiVersion: 'pipelines.weave.works/v1alpha1',
    kind: 'Pipeline',
    metadata: { name, namespace },
    spec: {
      appRef: { apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease', name },
      environments: ['dev', 'staging'].map((each) => ({ name: each, targets: [{ namespace: each }] })),
      promotion: { strategy: { ...strategyBlock(index, strategy), secretRef: { name: 'hmac' } } },
    },
  });
}

function strategyBlock(index: number, strategy: StormStrategy): object {
  if (strategy.kind === 'notification') return { notification: {} };
  const url = `${strategy.url}/${repositoryOf(index)}.git`;
  return { 'pull-request': { type: 'github', url, baseBranch: 'main', secretRef: { name: 'git' } } };
}

/** What dev's HelmRelease of a Pipeline reports: the older version, or half a minute later the newer one. */
export function stormEvent(
  webhook: string,
  hmacKey: string,
  {
    name,
    version,
    startedAt,
  }: { readonly name: string; readonly version: string; readonly startedAt: number },
): SignedEvent {
  const newer = version === newerVersion;
  const body = encodeFluxEvent(
    releaseSucceeded({
      namespace: 'dev',
      name,
      uid: `uid-${name}`,
      revision: version,
      release: newer ? 3 : 2,
      at: startedAt - (newer ? 1_000 : 31_000),
    }),
  );
  return { url: `${webhook}/promotion/${namespace}/${name}/dev`, headers: fluxHeaders(body, hmacKey), body };
}
