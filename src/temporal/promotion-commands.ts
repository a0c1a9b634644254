import { type PipelineRef } from '../domain/pipeline/pipeline';

/** The commands that a change of a Pipeline sends to its promotions. Each rejects if it could not be sent. */
export interface PromotionCommands {
  /** Makes its running promotions check the Pipeline now. */
  reconsider(pipeline: PipelineRef): Promise<void>;
  /**
   * Runs the last failed promotion into each environment again.
   * @param request an identifier: the same text twice is one request
   */
  retryFailed(pipeline: PipelineRef, environments: readonly string[], request: string): Promise<void>;
}
