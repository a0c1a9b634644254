import { type SecretData } from '../domain/credentials';
import { type Pipeline, type PipelineRef } from '../domain/pipeline/pipeline';

/** The source of Pipelines and Secrets: a directory of YAML files, or a Kubernetes API server. */
export interface PipelineStore {
  /**
   * @returns undefined if the Pipeline does not exist
   * @throws WindlassError store-unavailable while the store is not synced; invalid-pipeline for an invalid one, which
   *   differs from a missing one: someone is likely to fix it soon
   */
  pipeline(ref: PipelineRef): Promise<Pipeline | undefined>;
  /** Decoded, byte for byte. @throws WindlassError store-unavailable */
  secret(namespace: string, name: string): Promise<SecretData | undefined>;
  /** Whether the store has been read in full at least once and its content is valid. */
  ready(): boolean;
  close(): Promise<void>;
}
