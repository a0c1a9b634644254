import { type ProviderType } from '../domain/pipeline/pipeline';
import { type WantedFeature } from '../domain/pipeline/wanted-features';
import { providers } from './registry';

/** What the registry says of a Pipeline's provider. */
export const providerSupport = {
  isSupported: (type: ProviderType): boolean => providers[type] !== undefined,
  /** @returns what the service has instead, or why not; undefined where it has the feature, or is not supported */
  lack: (type: ProviderType, feature: WantedFeature): string | undefined => {
    const has = providers[type]?.features[feature];
    return typeof has === 'string' ? has : undefined;
  },
};
