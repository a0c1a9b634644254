import { type Client } from '@temporalio/client';
import { laneStateQuery } from '../../src/workflows/contract/messages';
import { stateAttribute } from '../../src/workflows/contract/search-attributes';
import { eventually } from './eventually';
import { isResting, standingsOf } from './lane-standings';

/** Waits until the lane has nothing to do by itself, after so many promotions. */
export function laneIsIdle(client: Client, lane: string, outcomes: number): Promise<unknown> {
  return eventually(async () => {
    const state = await client.workflow.getHandle(lane).query(laneStateQuery);
    return isResting(state) && standingsOf(state).length === outcomes;
  });
}

/** Waits until the promotion shows `state` as its WindlassState. */
export function promotionShows(client: Client, promotion: string, state: string): Promise<unknown> {
  return eventually(async () => {
    const { typedSearchAttributes } = await client.workflow.getHandle(promotion).describe();
    return typedSearchAttributes.get(stateAttribute) === state;
  });
}
