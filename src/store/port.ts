import { type SecretData } from '../domain/credentials';
import { type Pipeline, type PipelineRef } from '../domain/pipeline';

/** Where Pipelines and Secrets come from: a directory of YAML files, or a Kubernetes API server. */
export interface PipelineStore {
  /** @throws WindlassError store-unavailable while the store is not synced */
  pipeline(ref: PipelineRef): Promise<Pipeline | undefined>;
  /** Decoded, byte for byte. @throws WindlassError store-unavailable */
  secret(namespace: string, name: string): Promise<SecretData | undefined>;
  /** Whether the store has been read in full at least once and can be believed. */
  ready(): boolean;
  close(): Promise<void>;
}
