import leven from 'leven';
import { parseCredentials, type SecretData } from '../domain/credentials';
import { type Pipeline, type PromotionBlock, type PullRequestStrategy } from '../domain/pipeline/pipeline';
import { secretValueFault, type SecretValueFault } from '../domain/secret-value';
import { signingKeyNames, signingKeyValue } from '../domain/signing-key';

/** A Secret in the Pipeline's namespace, and the key in it that promotions need. */
export interface SecretReference {
  readonly name: string;
  readonly key: 'token' | 'hmac-key' | typeof signingKeyNames;
}

/** All Secrets that promotions and events of the pipeline need, each once. */
export function secretReferences(pipeline: Pipeline): SecretReference[] {
  const references = [
    // The webhook also verifies events of an environment without a hop with it.
    ...hmacReference(pipeline.promotion),
    ...promotionBlocks(pipeline).flatMap((block) => [
      ...(block.strategy.kind === 'pull-request'
        ? [{ name: block.strategy.secretName, key: 'token' as const }, ...signingReference(block.strategy)]
        : []),
      ...hmacReference(block),
    ]),
  ];
  return [
    ...new Map(references.map((reference) => [`${reference.key} ${reference.name}`, reference])).values(),
  ];
}

/** The blocks in force for the hops; nothing promotes into the first environment. */
export function promotionBlocks({ environments, promotion }: Pipeline): PromotionBlock[] {
  return environments.slice(1).flatMap((environment) => environment.promotion ?? promotion ?? []);
}

/** Why the Secret does not serve, as those see it who will use it: a blank value is none. */
export function keyFault(data: SecretData, key: SecretReference['key']): SecretValueFault | undefined {
  if (key === 'token' && parseCredentials(data).token === undefined) return 'missing';
  if (key === signingKeyNames) return secretValueFault(signingKeyValue(data));
  return secretValueFault(data[key]);
}

/** The key in the Secret that was probably meant, such as `hmac_key`. */
export function misspeltKey(data: SecretData, key: SecretReference['key']): string | undefined {
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
]);

function spelling(name: string): string {
  return name.toLowerCase().replaceAll(/[-._]/g, '');
}

function signingReference({ commit }: PullRequestStrategy): SecretReference[] {
  const name = commit?.signingSecretName;
  return name === undefined ? [] : [{ name, key: signingKeyNames }];
}

function hmacReference(block: PromotionBlock | undefined): SecretReference[] {
  return block?.hmacSecretName === undefined ? [] : [{ name: block.hmacSecretName, key: 'hmac-key' }];
}
