import { type DeploymentEvent } from '../domain/event';

/** Where the webhook hands events over: the lanes, which live in Temporal. */
export interface LaneReporter {
  /**
   * Records the event durably with the lane of the promotions into `to`, starting that lane where there is none.
   * Needs no live worker. Keeps trying until `deadlineMs` milliseconds have passed.
   * @returns the lane's workflow id, also for an event that the lane knows already
   * @throws TemporalUnavailable when the deadline passed without Temporal's word
   */
  report(event: DeploymentEvent, to: string, deadlineMs: number): Promise<{ readonly lane: string }>;
  /** Whether Temporal answers just now; false rather than an error when it does not. */
  ready(): Promise<boolean>;
}

/** Temporal could not be reached in time: the event is not recorded, and the sender has to come again. */
export class TemporalUnavailable extends Error {
  override readonly name = 'TemporalUnavailable';

  /** @param fault what was seen, for the operator's log; the sender is told only that it should come again */
  constructor(fault: string, options?: { readonly cause: unknown }) {
    super(`${fault} Check that the Temporal server is up and its address is right.`, options);
  }
}
