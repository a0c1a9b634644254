import { type Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { type LaneState } from '../domain/lane/lane-state';
import { type PipelineRef } from '../domain/pipeline/pipeline';
import { laneId } from '../workflows/contract/ids';
import { laneStateQuery } from '../workflows/contract/messages';

/** A look at a lane is one of several within an activity of 3 s. */
const limitMs = 2_000;

/**
 * The state of the lane into `environment`, as its last run knows it.
 * @returns undefined: there is no such lane
 * @throws an error of Temporal, also if no worker answers for the lane within 2 s
 */
export async function readLaneState(
  client: Client,
  pipeline: PipelineRef,
  environment: string,
): Promise<LaneState | undefined> {
  try {
    return await client.connection.withDeadline(Date.now() + limitMs, () =>
      client.workflow.getHandle(laneId(pipeline, environment)).query(laneStateQuery),
    );
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
