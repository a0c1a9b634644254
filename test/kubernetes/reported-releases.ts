/** Pipelines of their own in one installation, and what Flux in the cluster of `dev` reports for them. */
import { type FluxEvent, releaseSucceeded } from '../../src/flux/encode-event';
import { laneId } from '../../src/workflows/contract/ids';
import {
  type Installation,
  pipelineManifest,
  pullRequestPromotion,
  repository,
} from '../support/installation';
import { documentedAlerting } from './documented-manifests';

/** What helm-controller posts of the HelmRelease in `dev` that a pipeline is about. */
export function helmEvent(
  pipeline: string,
  { version, release }: { readonly version: string; readonly release: number },
  fields: Partial<FluxEvent> = {},
): FluxEvent {
  const namespace = 'dev';
  const uid = `uid-of-${pipeline}`;
  const reported = { namespace, name: pipeline, uid, revision: version, release, at: Date.now() };
  return { ...releaseSucceeded(reported), ...fields };
}

/** The README's Secret, Provider and Alert in the cluster of `dev`. @param webhook its URL, without a path */
export function leafCluster({ hmacKey }: Installation, webhook: string, pipeline: string): string {
  return documentedAlerting('README.md', {
    'https://windlass.example.com/promotion/apps/my-app/dev': `${webhook}/promotion/apps/${pipeline}/dev`,
    '0a1b2c-the-contents-of-the-file-hmac-key': hmacKey,
    'my-app-dev': 'dev',
    'my-app': pipeline,
  });
}

/** The manifest of a Pipeline about the HelmRelease of its name. */
export function pipelineFor(name: string, promotion: object): string {
  return pipelineManifest(promotion, name).replace('name: shop', `name: ${name}`);
}

/** The manifest of a Pipeline with a file of its own in the repository, at 1.0.0 in `staging`. */
export async function pullRequestPipeline({ forge }: Installation, name: string): Promise<string> {
  await forge.commit(repository, 'main', { [`${name}.yaml`]: stagingFile(name, '1.0.0') }, `Add ${name}`);
  return pipelineFor(name, pullRequestPromotion(forge));
}

export function stagingFile(name: string, version: string): string {
  return `version: ${version} # {"$promotion": "apps:${name}:staging"}\n`;
}

/** The file on the promotion branch. */
export function promotedFile({ forge }: Installation, name: string): Promise<string> {
  return forge.readFile(repository, `promotion-apps-${name}-staging`, `${name}.yaml`);
}

/** The installation, with its lanes those of this pipeline. */
export function lanesOf(installation: Installation, name: string): Installation {
  return { ...installation, lane: (environment) => laneId({ namespace: 'apps', name }, environment) };
}
