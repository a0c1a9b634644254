import { type PipelineRef } from '../domain/pipeline/pipeline';

/** What a change of a Pipeline sets off where its promotions run. Each rejects when it could not be said. */
export interface PromotionCommands {
  /** Its running promotions look at the Pipeline now. */
  reconsider(pipeline: PipelineRef): Promise<void>;
  /**
   * The last failed promotion into each environment runs again.
   * @param request the same text twice is one request
   */
  retryFailed(pipeline: PipelineRef, environments: readonly string[], request: string): Promise<void>;
}
