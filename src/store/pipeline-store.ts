import { type SecretData } from '../domain/credentials';
import { type Pipeline, type PipelineRef } from '../domain/pipeline/pipeline';

/** Where Pipelines and Secrets come from: a directory of YAML files, or a Kubernetes API server. */
export interface PipelineStore {
  /**
   * @returns undefined where there is no such Pipeline
   * @throws WindlassError store-unavailable while the store is not synced; invalid-pipeline for one that makes no sense,
   *   which is not the same as none: somebody is about to mend it
   */
  pipeline(ref: PipelineRef): Promise<Pipeline | undefined>;
  /** Decoded, byte for byte. @throws WindlassError store-unavailable */
  secret(namespace: string, name: string): Promise<SecretData | undefined>;
  /** Whether the store has been read in full at least once and can be believed. */
  ready(): boolean;
  close(): Promise<void>;
}
