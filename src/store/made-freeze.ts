/** The manifests of freezes that the API makes: objects in Kubernetes, or files. */
import { type Freeze, isInForce, longestReason } from '../domain/freezes/freeze';
import { isObjectName } from '../domain/kubernetes-names';
import { type Actor } from '../domain/people/actor';
import { type PipelineRef } from '../domain/pipeline/pipeline';
import { formatPath } from '../resources/faults';
import {
  authorViaAnnotation,
  endedByAnnotation,
  endedRequestAnnotation,
  freezeKind,
  madeByLabel,
  madeByValue,
  readFreezeManifest,
  requestAnnotation,
  suspendsAnnotation,
} from '../resources/freeze-schema';
import { isRecord } from '../resources/object-schema';
import { pipelineApiVersion } from '../resources/pipeline-schema';
import { type AskedFreeze, FreezeRefused, type ListedFreeze } from './freeze-desk';

export interface FreezeManifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: Readonly<Record<string, unknown>>;
}

const madeName = /^windlass-[0-9a-f]{12}$/;

/** As long as its record: a year, and some time to look back at it. */
const keptMs = 400 * 24 * 60 * 60 * 1_000;
/** Deleted at a time: the others follow at the next start. */
const mostDeleted = 100;

/** Labels and annotations of what Flux, Argo CD and Helm apply: they would put back what Windlass changes. */
const gitOpsPrefixes = [
  'kustomize.toolkit.fluxcd.io/',
  'helm.toolkit.fluxcd.io/',
  'argocd.argoproj.io/',
  'meta.helm.sh/',
];

/** @param now milliseconds since the epoch @throws FreezeRefused */
export function madeFreeze(asked: AskedFreeze, { name, via }: Actor, now: number): FreezeManifest {
  const { namespace, from, until, environments, pipelines, allNamespaces, suspends } = asked;
  if (until !== undefined && until <= now)
    throw new FreezeRefused('The freeze would have ended already: choose a later end.');
  const manifest: FreezeManifest = {
    apiVersion: pipelineApiVersion,
    kind: freezeKind,
    metadata: {
      name: `windlass-${asked.key.slice(0, 12)}`,
      namespace,
      labels: { [madeByLabel]: madeByValue },
      annotations: {
        [requestAnnotation]: asked.key,
        [authorViaAnnotation]: via,
        ...(suspends === true ? { [suspendsAnnotation]: 'true' } : {}),
      },
    },
    spec: {
      reason: onOneLine(asked.reason),
      author: name,
      ...(from === undefined ? {} : { from: timeOf(from) }),
      ...(until === undefined ? {} : { until: timeOf(until) }),
      ...(environments === undefined ? {} : { environments }),
      ...(pipelines === undefined ? {} : { pipelines }),
      ...(allNamespaces === true ? { allNamespaces } : {}),
    },
  };
  const [fault] = readFreezeManifest(manifest).faults;
  if (fault !== undefined)
    throw new FreezeRefused(`The freeze is invalid: ${formatPath(fault.path)} ${fault.reason}.`);
  return manifest;
}

/** Whether the API made this object, and nothing else applies it. */
export function isMade(object: unknown): object is FreezeManifest {
  const metadata = isRecord(object) ? object['metadata'] : undefined;
  if (!isRecord(metadata)) return false;
  const { name, labels, annotations } = metadata;
  const notes = [labels, annotations].flatMap((each) => (isRecord(each) ? Object.keys(each) : []));
  return (
    typeof name === 'string' &&
    madeName.test(name) &&
    isRecord(labels) &&
    labels[madeByLabel] === madeByValue &&
    !notes.some((key) => gitOpsPrefixes.some((prefix) => key.startsWith(prefix)))
  );
}

export function hasMadeName({ name }: Pick<PipelineRef, 'name'>): boolean {
  return isObjectName(name) && madeName.test(name);
}

/** Whether the same request made the object. */
export function isOfRequest(object: unknown, key: string): boolean {
  return isMade(object) && object.metadata.annotations?.[requestAnnotation] === key;
}

/** How a freeze ends now: the fields that change; null removes one. */
export interface Ending {
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: { readonly until: string; readonly from?: null };
}

/** @param now milliseconds since the epoch @param key of the request */
export function endingOf({ from }: Freeze, { name }: Actor, now: number, key?: string): Ending {
  return {
    annotations: {
      [endedByAnnotation]: name,
      ...(key === undefined ? {} : { [endedRequestAnnotation]: key }),
    },
    // One that has not begun must not end before it begins: it would be invalid, and hold everything.
    spec: { until: timeOf(now), ...(from !== undefined && from >= now ? { from: null } : {}) },
  };
}

/** @param now milliseconds since the epoch */
export function hasEnded({ until = Infinity }: Freeze, now: number): boolean {
  return until <= now;
}

/** Those that were made by the API and ended so long ago that their record may go, a few at a time. */
export function outdated(freezes: readonly ListedFreeze[], now: number): readonly ListedFreeze[] {
  return freezes.filter((freeze) => freeze.ours && hasEnded(freeze, now - keptMs)).slice(0, mostDeleted);
}

/** @param environment absent: of the whole Pipeline @param now milliseconds since the epoch */
export function suspensionOf(
  freezes: readonly ListedFreeze[],
  { namespace, name }: PipelineRef,
  environment: string | undefined,
  now: number,
): ListedFreeze | undefined {
  return freezes.find(
    (freeze) =>
      freeze.suspends === true &&
      freeze.namespace === namespace &&
      freeze.allNamespaces !== true &&
      // One that holds more cannot be ended by someone who may resume this.
      isOnly(freeze.pipelines?.names, name) &&
      isOnly(freeze.environments, environment) &&
      isInForce(freeze, now),
  );
}

function isOnly(names: readonly string[] | undefined, wanted: string | undefined): boolean {
  return wanted === undefined ? names === undefined : names?.length === 1 && names[0] === wanted;
}

/**
 * Who resumes a Pipeline must not leave a second suspension of it behind.
 * @param name of the freeze that is asked for
 * @throws FreezeRefused
 */
export function requireNotSuspended(
  freezes: readonly ListedFreeze[],
  { namespace, pipelines, environments, suspends }: AskedFreeze,
  name: string,
  now: number,
): void {
  const [pipeline] = pipelines?.names ?? [];
  if (suspends !== true || pipeline === undefined) return;
  const existing = suspensionOf(freezes, { namespace, name: pipeline }, environments?.[0], now);
  if (existing === undefined || existing.name === name) return;
  const { author = 'someone', reason } = existing;
  throw new FreezeRefused(
    `${namespace}/${pipeline} is suspended already, by ${author} (${reason}): resume it first.`,
  );
}

function timeOf(at: number): string {
  return new Date(at).toISOString();
}

/** As it is in messages; the record of the act has the whole text. */
function onOneLine(reason: string): string {
  const line = reason
    .replaceAll(/[\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  return line.length <= longestReason
    ? line
    : `${line.slice(0, longestReason - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
