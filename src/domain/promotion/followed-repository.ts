import { type ProviderType } from '../pipeline/pipeline';

/** The repository whose pull requests are followed, and the Secret to read them with: references only. */
export interface FollowedRepository {
  /** Of the Secret, and of the Pipelines that name it. */
  readonly namespace: string;
  readonly secretName: string;
  readonly provider: ProviderType;
  /** The repository's URL, as the Pipeline has it. */
  readonly url: string;
  /** As the Pipeline has it. */
  readonly apiUrl?: string;
}
