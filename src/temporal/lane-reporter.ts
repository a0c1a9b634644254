import { type EnvironmentFact } from '../domain/environment-fact';
import { type DeploymentEvent } from '../domain/event';
import { type PipelineRef } from '../domain/pipeline/pipeline';

/** Reports events from the webhook to the lanes in Temporal. */
export interface LaneReporter {
  /**
   * Records the event durably with the lane of the promotions into `to`, and starts that lane if it does not exist.
   * Needs no running worker. Retries until `deadlineMs` milliseconds have passed.
   * @returns the lane's workflow id, also for an event that the lane already has
   * @throws TemporalUnavailable if Temporal did not confirm before the deadline
   */
  report(event: DeploymentEvent, to: string, deadlineMs: number): Promise<{ readonly lane: string }>;
  /**
   * Records a fact durably with the lane of the promotions into `into`, as `report` does an event. The lane recognizes
   * a fact that it has by its identity.
   * @returns the lane's workflow id
   * @throws TemporalUnavailable if Temporal did not confirm before the deadline
   */
  recordFact(
    pipeline: PipelineRef,
    fact: EnvironmentFact,
    into: string,
    deadlineMs: number,
  ): Promise<{ readonly lane: string }>;
  /** Whether Temporal answers at the moment; false rather than an error if it does not. */
  ready(): Promise<boolean>;
}

/** Temporal could not be reached in time: the event is not recorded, and the sender must retry. */
export class TemporalUnavailable extends Error {
  override readonly name = 'TemporalUnavailable';

  /** @param fault the cause, for the operator's log; the sender only receives the request to retry */
  constructor(fault: string, options?: { readonly cause: unknown }) {
    super(`${fault} Check that the Temporal server is running and TEMPORAL_ADDRESS is correct.`, options);
  }
}
