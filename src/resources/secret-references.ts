import leven from 'leven';
import { parseCredentials, type SecretData } from '../domain/credentials';
import {
  type Pipeline,
  type PromotionBlock,
  type ProviderType,
  type PullRequestStrategy,
} from '../domain/pipeline/pipeline';
import { secretValueFault } from '../domain/secret-value';
import { signingKeyNames, signingKeyValue } from '../domain/signing-key';
import { type KeyFault, tokenSubstitute, tokenSubstituteKeys } from '../domain/token-substitutes';

/** A Secret in the Pipeline's namespace, and the key in it that promotions need. */
export type SecretReference = { readonly name: string } & (
  | { readonly key: 'hmac-key' | typeof signingKeyNames }
  /** The provider says which keys can stand for the token. */
  | { readonly key: 'token'; readonly provider: ProviderType }
);

/** All Secrets that promotions and events of the pipeline need, each once. */
export function secretReferences(pipeline: Pipeline): SecretReference[] {
  const references: SecretReference[] = [
    // The webhook also verifies events of an environment without a hop with it.
    ...hmacReference(pipeline.promotion),
    ...promotionBlocks(pipeline).flatMap((block) => [
      ...(block.strategy.kind === 'pull-request'
        ? [tokenReference(block.strategy), ...signingReference(block.strategy)]
        : []),
      ...hmacReference(block),
    ]),
  ];
  return [
    ...new Map(
      references.map((reference) => [JSON.stringify(Object.entries(reference).sort()), reference]),
    ).values(),
  ];
}

/** The blocks in force for the hops; nothing promotes into the first environment. */
export function promotionBlocks({ environments, promotion }: Pipeline): PromotionBlock[] {
  return environments.slice(1).flatMap((environment) => environment.promotion ?? promotion ?? []);
}

/** Why the Secret does not serve, as those see it who will use it: a blank value is none. */
export function keyFault(data: SecretData, reference: SecretReference): KeyFault | undefined {
  const { key } = reference;
  if (key === 'token' && parseCredentials(data).token === undefined) {
    const substitute = tokenSubstitute(reference.provider, data);
    if (substitute === 'none') return { key, fault: 'missing' };
    return substitute === 'usable' ? undefined : substitute;
  }
  const fault = secretValueFault(key === signingKeyNames ? signingKeyValue(data) : data[key]);
  return fault === undefined ? undefined : { key, fault };
}

/** The key in the Secret that was probably meant, such as `hmac_key`. */
export function misspeltKey(data: SecretData, key: string): string | undefined {
  const candidates = Object.keys(data).filter((name) => secretKeyName.test(name) && !knownKeys.has(name));
  const close = candidates.map((name) => ({ name, distance: leven(spelling(name), spelling(key)) }));
  const [nearest] = close.toSorted((a, b) => a.distance - b.distance);
  return nearest !== undefined && nearest.distance <= Math.floor(key.length / 3) ? nearest.name : undefined;
}

/** As Kubernetes allows it, and short enough for a message. */
const secretKeyName = /^[-._A-Za-z0-9]{1,64}$/;

/** These keys have a meaning of their own, so they are not misspelt. */
const knownKeys = new Set([
  'token',
  'hmac-key',
  'hmac-key-previous',
  'webhook-secret',
  'webhook-secret-previous',
  ...tokenSubstituteKeys,
]);

function spelling(name: string): string {
  return name.toLowerCase().replaceAll(/[-._]/g, '');
}

function tokenReference({ secretName, provider }: PullRequestStrategy): SecretReference {
  return { name: secretName, key: 'token', provider };
}

function signingReference({ commit }: PullRequestStrategy): SecretReference[] {
  const name = commit?.signingSecretName;
  return name === undefined ? [] : [{ name, key: signingKeyNames }];
}

function hmacReference(block: PromotionBlock | undefined): SecretReference[] {
  return block?.hmacSecretName === undefined ? [] : [{ name: block.hmacSecretName, key: 'hmac-key' }];
}
