import { parseCredentials, type SecretData } from '../domain/credentials';
import { type Pipeline, type PromotionBlock } from '../domain/pipeline/pipeline';

/** A Secret in the Pipeline's namespace, and the key in it that promotions need. */
export interface SecretReference {
  readonly name: string;
  readonly key: 'token' | 'hmac-key';
}

/** All Secrets that promotions and events of the pipeline need, each once. */
export function secretReferences(pipeline: Pipeline): SecretReference[] {
  const references = [
    // The webhook also verifies events of an environment without a hop with it.
    ...hmacReference(pipeline.promotion),
    ...promotionBlocks(pipeline).flatMap((block) => [
      ...(block.strategy.kind === 'pull-request'
        ? [{ name: block.strategy.secretName, key: 'token' as const }]
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

/** Whether the Secret has a usable value: a blank value does not count. */
export function hasKey(data: SecretData, key: SecretReference['key']): boolean {
  if (key === 'token') return parseCredentials(data).token !== undefined;
  return data[key]?.some((byte) => !isBlank(byte)) ?? false;
}

function hmacReference(block: PromotionBlock | undefined): SecretReference[] {
  return block?.hmacSecretName === undefined ? [] : [{ name: block.hmacSecretName, key: 'hmac-key' }];
}

/** ASCII white space. */
function isBlank(byte: number): boolean {
  return byte === 0x20 || (byte >= 9 && byte <= 13);
}
