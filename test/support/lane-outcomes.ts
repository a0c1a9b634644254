import { type PullRequestRecord } from '../../demo/forge/pull-request-record';
import { type LaneState } from '../../src/domain/lane/lane-state';
import { laneStateQuery } from '../../src/workflows/contract/messages';
import { eventually } from './eventually';
import { isResting, standingsOf } from './lane-standings';
import { type Installation, repository } from './installation';

export function laneState(installation: Installation, environment = 'staging'): Promise<LaneState> {
  return installation.client.workflow.getHandle(installation.lane(environment)).query(laneStateQuery);
}

/**
 * Waits until a lane has nothing to do by itself and its newest promotion stands so; gives the lane's state, with open
 * promotions among its outcomes.
 */
export function ended(
  installation: Installation,
  version: string,
  state: string,
  { environment = 'staging', limitMs = 20_000 } = {},
): Promise<LaneState> {
  return eventually(async () => {
    const now = await laneState(installation, environment);
    const outcomes = standingsOf(now);
    expect([isResting(now), outcomes[0]?.version, outcomes[0]?.state]).toEqual([true, version, state]);
    return { ...now, outcomes };
  }, limitMs);
}

export function openPullRequests({ forge }: Installation): readonly PullRequestRecord[] {
  return forge.pullRequests(repository).filter(({ state }) => state === 'open');
}
