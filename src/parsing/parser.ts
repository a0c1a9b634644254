import { type JobInput, type JobName, type JobOutput } from './jobs';

/** Parses the YAML of guests: who writes Pipelines, or to a repository, may do so to do harm. */
export interface Parser {
  /**
   * Does a job; several guests take turns.
   * @param guest whose YAML it is; any text that tells one from another
   * @param signal ends the job, whether it waits for its turn or is being done
   * @throws BeyondParserLimits; the signal's reason when it is aborted
   */
  run<Name extends JobName>(
    guest: string,
    name: Name,
    input: JobInput<Name>,
    signal?: AbortSignal,
  ): Promise<JobOutput<Name>>;
  close(): Promise<void>;
}

/** A text that takes more time or memory than its parser may have: no manifest that people write does. */
export class BeyondParserLimits extends Error {
  override readonly name = 'BeyondParserLimits';

  /** @param reason follows the file's name: "takes more than 30 s to parse: split it" */
  constructor(readonly reason: string) {
    super(`A text ${reason}.`);
  }
}
