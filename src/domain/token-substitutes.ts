/** What a credentials Secret can have in place of `token`: keys that tokens are obtained with. */
import { type SecretData } from './credentials';
import { type ProviderType } from './pipeline/pipeline';
import { secretValueFault, type SecretValueFault } from './secret-value';

/**
 * For each provider, sets of keys; all keys of one set are needed.
 * GitHub: as Flux names them, https://fluxcd.io/flux/components/source/gitrepositories/#github
 * Azure DevOps: a service principal of Microsoft Entra ID, with its client secret.
 */
const substitutes: Readonly<Partial<Record<ProviderType, readonly (readonly string[])[]>>> = {
  github: [
    ['githubAppID', 'githubAppPrivateKey', 'githubAppInstallationID'],
    ['githubAppID', 'githubAppPrivateKey', 'githubAppInstallationOwner'],
  ],
  'azure-devops': [['azureTenantID', 'azureClientID', 'azureClientSecret']],
};

/** Keys that say which service a substitute is for. */
const places: Readonly<Partial<Record<ProviderType, readonly string[]>>> = { github: ['githubAppBaseURL'] };

/** All of these keys, of every provider. */
export const tokenSubstituteKeys: readonly string[] = [...new Set(Object.values(substitutes).flat(2))];

export interface KeyFault {
  readonly key: string;
  readonly fault: SecretValueFault;
}

/**
 * Whether the Secret has what stands for a token of this provider.
 * @returns `none`: it has no such key; a fault: it has a part, or a value that cannot be used
 */
export function tokenSubstitute(provider: ProviderType, data: SecretData): 'none' | 'usable' | KeyFault {
  const sets = substitutes[provider] ?? [];
  if (!sets.flat().some((key) => data[key] !== undefined)) return 'none';
  const faults = sets.map((set) =>
    set.flatMap((key): KeyFault[] => {
      const fault = secretValueFault(data[key]);
      return fault === undefined ? [] : [{ key, fault }];
    }),
  );
  const [fewest = []] = faults.toSorted((one, other) => one.length - other.length);
  return fewest[0] ?? 'usable';
}

/**
 * What the service counts the requests of exchanged tokens by: the same for all Secrets with the same substitute, whatever else
 * they hold. Secret.
 * @returns undefined where the Secret has no usable one
 */
export function substituteAccount(provider: ProviderType, data: SecretData): string | undefined {
  const used = substitutes[provider]?.find((set) =>
    set.every((key) => secretValueFault(data[key]) === undefined),
  );
  if (used === undefined) return undefined;
  const valueOf = (key: string): string => new TextDecoder().decode(data[key]).trim();
  return JSON.stringify([...used, ...(places[provider] ?? [])].map((key) => [key, valueOf(key)]));
}
