import { type PullRequestRecord } from '../../demo/forge/pull-request-record';
import { type LaneState } from '../../src/domain/lane/lane-state';
import { laneStateQuery } from '../../src/workflows/contract/messages';
import { eventually } from './eventually';
import { isResting, standingsOf } from './lane-standings';
import { type Installation, repository } from './installation';
import { type Installed } from './installed';

/** A lane's state, with its open promotions among the outcomes. */
export async function laneState(
  installation: Installed,
  environment = 'staging',
  pipeline = 'shop',
): Promise<LaneState> {
  const lane = installation.client.workflow.getHandle(installation.lane(environment, pipeline));
  const state = await lane.query(laneStateQuery);
  return { ...state, outcomes: standingsOf(state) };
}

/** Waits until a lane has nothing to do by itself and its newest promotion stands so; gives the lane's state. */
export function ended(
  installation: Installed,
  version: string,
  state: string,
  { environment = 'staging', pipeline = 'shop', limitMs = 20_000 } = {},
): Promise<LaneState> {
  return eventually(async () => {
    const now = await laneState(installation, environment, pipeline);
    const [newest] = now.outcomes;
    expect([isResting(now), newest?.version, newest?.state]).toEqual([true, version, state]);
    return now;
  }, limitMs);
}

export function openPullRequests({ forge }: Installation): readonly PullRequestRecord[] {
  return forge.pullRequests(repository).filter(({ state }) => state === 'open');
}
