import { type PullRequestRecord } from '../../demo/forge/pull-request-record';
import { type LaneState } from '../../src/domain/lane/lane-state';
import { laneStateQuery } from '../../src/workflows/contract/messages';
import { eventually } from './eventually';
import { type Installation, repository } from './installation';

export function laneState(installation: Installation, environment = 'staging'): Promise<LaneState> {
  return installation.client.workflow.getHandle(installation.lane(environment)).query(laneStateQuery);
}

/** Waits until a lane is idle and its newest outcome is this one; gives the lane's state. */
export function ended(
  installation: Installation,
  version: string,
  state: string,
  { environment = 'staging', limitMs = 20_000 } = {},
): Promise<LaneState> {
  return eventually(async () => {
    const now = await laneState(installation, environment);
    expect([now.inHand, now.outcomes[0]?.version, now.outcomes[0]?.state]).toEqual([
      undefined,
      version,
      state,
    ]);
    return now;
  }, limitMs);
}

export function openPullRequests({ forge }: Installation): readonly PullRequestRecord[] {
  return forge.pullRequests(repository).filter(({ state }) => state === 'open');
}
