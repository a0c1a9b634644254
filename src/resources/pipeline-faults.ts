import { type SecretData } from '../domain/credentials';
import { isSameOrLater } from '../domain/dependencies/dependency-cycle';
import {
  findHop,
  findHopInto,
  formatPipelineRef,
  type Pipeline,
  type ProviderType,
} from '../domain/pipeline/pipeline';
import { fieldOf, type WantedFeature, wantedFeatures } from '../domain/pipeline/wanted-features';
import { secretValueFaults } from '../domain/secret-value';
import { formatPath } from './faults';
import { type Reading } from './object-schema';
import {
  keyFault,
  misspeltKey,
  promotionBlocks,
  type SecretReference,
  secretReferences,
} from './secret-references';

/** Why a Pipeline is not ready, as the reason of its condition. Part of the interface: alerts and docs name them. */
export type FaultReason = 'InvalidSpec' | 'SecretNotFound' | 'SecretIncomplete' | 'SecretForbidden';

export interface PipelineFault {
  readonly reason: FaultReason;
  /** A sentence. */
  readonly message: string;
  /** Only a change of the spec helps; otherwise it may disappear without a change of the Pipeline. */
  readonly lasts: boolean;
}

/** The result of reading a Secret; `forbidden` is the sentence that names the missing permission. */
export type SecretLook = { readonly data: SecretData } | 'missing' | { readonly forbidden: string };

/** @returns what a service has instead of a feature, or why not; undefined where it has it */
export type LackingFeature = (provider: ProviderType, feature: WantedFeature) => string | undefined;

/** All errors of a Pipeline; those that last come first. */
export function pipelineFaults(
  { value: pipeline, faults }: Reading<Pipeline>,
  secrets: ReadonlyMap<string, SecretLook>,
): PipelineFault[] {
  if (pipeline === undefined) {
    return faults.map(({ path, reason }) => invalid(`${formatPath(path) || 'The object'} ${reason}.`));
  }
  return [...environmentFaults(pipeline), ...dependencyFaults(pipeline), ...secretFaults(pipeline, secrets)];
}

/**
 * What is probably not meant, and what the service does not have; each without its full stop. The former may be right where
 * `api` runs with flags that the Pipeline does not show.
 */
export function pipelineWarnings(pipeline: Pipeline, lack: LackingFeature): string[] {
  return [...unsignedWarnings(pipeline), ...featureWarnings(pipeline, lack)];
}

function unsignedWarnings(pipeline: Pipeline): string[] {
  if (pipeline.allowUnsigned || pipeline.promotion?.hmacSecretName !== undefined) return [];
  const hops = pipeline.environments.flatMap(({ name }) => {
    const lookup = findHop(pipeline, name);
    return lookup.found ? [lookup.hop] : [];
  });
  const without = hops.filter(({ promotion }) => promotion.hmacSecretName === undefined);
  if (without.length === 0) return [];
  const events =
    without.length === hops.length
      ? 'its events'
      : `events from ${without.map(({ from }) => from.name).join(', ')}`;
  return [
    `no strategy.secretRef and no allow-unsigned: ${events} get 401, unless api runs with --allow-unsigned`,
  ];
}

/** Each once: environments share blocks. */
function featureWarnings(pipeline: Pipeline, lack: LackingFeature): string[] {
  const warnings = promotionBlocks(pipeline).flatMap(({ strategy }) => {
    if (strategy.kind !== 'pull-request') return [];
    const { provider } = strategy;
    return wantedFeatures(strategy).flatMap((feature) => {
      const instead = lack(provider, feature);
      const field = `pull-request.${fieldOf[feature]}`;
      return instead === undefined ? [] : [`${field} has no effect on ${provider}: ${instead}`];
    });
  });
  return [...new Set(warnings)];
}

function environmentFaults({ environments }: Pipeline): PipelineFault[] {
  return environments.flatMap(({ targets }, index) =>
    targets.length > 0
      ? []
      : [
          invalid(
            `spec.environments[${index}].targets is empty: the webhook rejects events of this environment until it has a target.`,
          ),
        ],
  );
}

/** Of dependencies on the Pipeline itself; whether others lead back to it, their gates say. */
function dependencyFaults(pipeline: Pipeline): PipelineFault[] {
  const own = formatPipelineRef(pipeline);
  return pipeline.environments.flatMap(({ name: to }) => {
    const dependencies = findHopInto(pipeline, to)?.gates.dependsOn ?? [];
    return dependencies.flatMap(({ pipeline: other, environment }): PipelineFault[] => {
      if (formatPipelineRef(other) !== own) return [];
      if (!pipeline.environments.some(({ name }) => name === environment)) {
        return [
          invalid(`gates.dependsOn of ${to} names ${own} in ${environment}, but it has no such environment.`),
        ];
      }
      if (!isSameOrLater(pipeline, environment, to)) return [];
      return [
        invalid(
          `gates.dependsOn of ${to} names ${own} in ${environment}, so ${to} depends on itself and is never promoted into: name an earlier environment, or remove it.`,
        ),
      ];
    });
  });
}

function invalid(message: string): PipelineFault {
  return { reason: 'InvalidSpec', message, lasts: true };
}

function secretFaults(pipeline: Pipeline, secrets: ReadonlyMap<string, SecretLook>): PipelineFault[] {
  return secretReferences(pipeline).flatMap((reference): PipelineFault[] => {
    const { name, key } = reference;
    const secret = `The Secret ${pipeline.namespace}/${name}`;
    const look = secrets.get(name) ?? 'missing';
    if (look === 'missing') {
      const message = `${secret} does not exist: create it, with the key ${key}.`;
      return [{ reason: 'SecretNotFound', message, lasts: false }];
    }
    if ('forbidden' in look) return [{ reason: 'SecretForbidden', message: look.forbidden, lasts: false }];
    const message = keyMessage(secret, look.data, reference);
    return message === undefined ? [] : [{ reason: 'SecretIncomplete', message, lasts: false }];
  });
}

function keyMessage(secret: string, data: SecretData, reference: SecretReference): string | undefined {
  const found = keyFault(data, reference);
  if (found === undefined) return undefined;
  const { key, fault } = found;
  if (fault !== 'missing') return `${secret} has a ${key} that ${secretValueFaults[fault]}.`;
  const meant = misspeltKey(data, key);
  return meant === undefined
    ? `${secret} has no ${key}, or a blank one: add it.`
    : `${secret} has no ${key}, but ${meant}: rename it to ${key}.`;
}
