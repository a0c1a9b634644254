import { type Client, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { setTimeout as sleep } from 'node:timers/promises';
import { type PromotionOutcome } from '../src/domain/promotion/promotion';
import { laneId, promotionId } from '../src/workflows/contract/ids';
import { laneSentenceQuery } from '../src/workflows/contract/messages';
import { DemoFailure } from './demo-failure';
import { fleet } from './demo-fleet';

/** A promotion starts some tens of milliseconds after the webhook's answer. */
const pollMs = 100;

/** Does not keep a process alive whose user has ended the demo. */
export async function betweenPolls(): Promise<void> {
  await sleep(pollMs, undefined, { ref: false });
}

/** One promotion as Temporal knows it. */
export interface PromotionRun {
  readonly from: string;
  readonly to: string;
  readonly version: string;
  readonly workflowId: string;
  /** How it ended. Rejects with a DemoFailure if it failed. */
  readonly ended: Promise<PromotionOutcome['state']>;
}

/** @param identity of the event that it is for, as the webhook answers it */
export function followRun(
  temporal: Client,
  { identity, ...hop }: Pick<PromotionRun, 'from' | 'to' | 'version'> & { readonly identity: string },
): PromotionRun {
  const workflowId = promotionId(fleet.pipeline, hop.to, hop.version, identity);
  const ended = endOf(temporal, workflowId);
  // It is looked at where the story waits for it.
  ended.catch(() => undefined);
  return { ...hop, workflowId, ended };
}

/** What an environment waits for, as one sentence without a full stop; undefined: its lane does not answer yet. */
export async function laneSentence(temporal: Client, environment: string): Promise<string | undefined> {
  const lane = temporal.workflow.getHandle(laneId(fleet.pipeline, environment));
  try {
    return await lane.query(laneSentenceQuery);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

async function endOf(temporal: Client, workflowId: string): Promise<PromotionOutcome['state']> {
  const handle = temporal.workflow.getHandle(workflowId);
  for (;;) {
    try {
      return ((await handle.result()) as PromotionOutcome).state;
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) {
        const cause = error instanceof WorkflowFailedError ? error.cause?.message : undefined;
        throw new DemoFailure(`The promotion failed: ${cause ?? String(error)}`);
      }
    }
    await betweenPolls();
  }
}
