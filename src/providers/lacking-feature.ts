import { type ProviderType } from '../domain/pipeline/pipeline';
import { type WantedFeature } from '../domain/pipeline/wanted-features';
import { providers } from './registry';

/** @returns what the service has instead, or why not; undefined where it has the feature */
export function lackingFeature(type: ProviderType, feature: WantedFeature): string | undefined {
  const has = providers[type].features[feature];
  return typeof has === 'string' ? has : undefined;
}
