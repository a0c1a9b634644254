import { laneId } from '../../src/workflows/contract/ids';
import { laneStateQuery } from '../../src/workflows/contract/messages';
import { type Forge } from '../../demo/forge/forge';
import { eventually } from './eventually';
import { type Installation, pipelineManifest, pullRequestPromotion } from './installation';

/** The usual Pipeline, and one named `guest` whose repository is somewhere else. */
export function withGuest(url: (forge: Forge) => string): (forge: Forge) => string {
  return (forge) => {
    const guest = {
      strategy: {
        'pull-request': { type: 'github', url: url(forge), baseBranch: 'main', secretRef: { name: 'git' } },
        secretRef: { name: 'hmac' },
      },
    };
    return [pipelineManifest(pullRequestPromotion(forge)), pipelineManifest(guest, 'guest')].join('---\n');
  };
}

/** Waits until the guest's promotion of this version has failed. */
export function guestFailure(
  { client }: Installation,
  version: string,
  limitMs: number,
): Promise<{ readonly code: string; readonly message: string }> {
  return eventually(async () => {
    const lane = client.workflow.getHandle(laneId({ namespace: 'apps', name: 'guest' }, 'staging'));
    const { outcomes } = await lane.query(laneStateQuery);
    const outcome = outcomes.find((each) => each.version === version);
    if (outcome?.state !== 'failed') throw new Error(`${version} has not failed yet`);
    return { code: outcome.code ?? '', message: outcome.detail ?? '' };
  }, limitMs);
}
