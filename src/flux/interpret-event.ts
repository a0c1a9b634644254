import { createHash } from 'node:crypto';
import { type DeploymentEvent } from '../domain/event';
import { bounded } from '../domain/names';
import { type ReportedVersion, readReportedVersion } from '../domain/version/reported-version';
import {
  type Environment,
  type Hop,
  type Pipeline,
  findHop,
  formatPipelineRef,
} from '../domain/pipeline/pipeline';
import { eventFaults } from './event-faults';
import { type IgnoreCode, ignoreReasons } from './ignore-reasons';
import { type FluxEvent, metadataValue, parseFluxEvent, releaseNumber, revisionFault } from './parse-event';

export type Interpretation =
  | { readonly kind: 'accept'; readonly event: DeploymentEvent; readonly to: string }
  /** Valid, but nothing to promote; `reason` is for the person who reads the answer. */
  | { readonly kind: 'ignore'; readonly code: IgnoreCode; readonly reason: string }
  /** Malformed, or for another pipeline. */
  | { readonly kind: 'refuse'; readonly sentence: string };

/** A request from an authenticated sender. */
export interface ReceivedEvent {
  readonly body: Uint8Array;
  readonly pipeline: Pipeline;
  /** The environment in the URL. */
  readonly environment: string;
  /** Whether the body has a valid signature. */
  readonly signed: boolean;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
}

/** A Kubernetes uid has 36 bytes; lanes store the reporters' names, so a sender must not choose their length. */
const maxReporterBytes = 128;

/** How far a sender's clock can be ahead of ours. */
const maxClockAheadMs = 5 * 60_000;

/**
 * Decides what to do with an event. Errors come before reasons to ignore it, so that a wrong configuration is visible
 * even if nothing would be promoted.
 * @param maxAgeMs older events are ignored, so that a captured body cannot be replayed as a downgrade
 */
export function interpretEvent(received: ReceivedEvent, maxAgeMs: number): Interpretation {
  const { pipeline, environment, receivedAt } = received;
  const parsed = parseFluxEvent(received.body);
  if (!parsed.ok) return refuse(parsed.fault);
  const { event } = parsed;

  const lookup = findHop(pipeline, environment);
  const from = pipeline.environments.find(({ name }) => name === environment);
  if (from === undefined) {
    const known = listed(pipeline.environments.map(({ name }) => name));
    return refuse(eventFaults.noEnvironment(formatPipelineRef(pipeline), bounded(environment, 64), known));
  }
  if (from.targets.length === 0) return refuse(eventFaults.noTargets(environment));
  const other = mismatch(event, pipeline, from);
  if (other !== undefined) return refuse(eventFaults.otherObject(...other));

  const change = classify(event, received.signed);
  if ('ignored' in change) return ignore('not-a-promotion', change.ignored);

  const revision = metadataValue(event, 'revision');
  if (revision === undefined) return refuse(eventFaults.noRevision());
  if (typeof revision !== 'string') return refuse(eventFaults.badRevision('is not a string'));
  const reported = readReportedVersion(revision, metadataValue(event, 'oci-digest'));
  const fault = revisionFault(reported.version);
  if (fault !== undefined) return refuse(eventFaults.badRevision(fault));

  const sentAt = typeof event.timestamp === 'string' ? Date.parse(event.timestamp) : receivedAt;
  if (sentAt - receivedAt > maxClockAheadMs) return refuse(eventFaults.futureTimestamp());
  if (receivedAt - sentAt > maxAgeMs) {
    return ignore('stale', ignoreReasons.stale.sentences.old(new Date(sentAt).toISOString()));
  }
  if (!lookup.found) return ignoreWithoutHop(lookup.reason === 'last-environment', pipeline, environment);
  return {
    kind: 'accept',
    to: lookup.hop.to.name,
    event: deployment(received, lookup.hop, event, {
      ...change,
      ...reported,
      at: Math.min(sentAt, receivedAt),
    }),
  };
}

function refuse(sentence: string): Interpretation {
  return { kind: 'refuse', sentence };
}

function ignore(code: IgnoreCode, reason: string): Interpretation {
  return { kind: 'ignore', code, reason };
}

function ignoreWithoutHop(isLast: boolean, pipeline: Pipeline, environment: string): Interpretation {
  if (isLast) {
    return ignore('last-environment', ignoreReasons['last-environment'].sentences.last(environment));
  }
  const { unconfigured } = ignoreReasons['no-promotion'].sentences;
  return ignore('no-promotion', unconfigured(formatPipelineRef(pipeline), environment));
}

/**
 * The first field in which the event's object is not the pipeline's, with what it is and what it must be; by API group,
 * not version: a Flux upgrade changes the version in events.
 */
function mismatch(
  { involvedObject }: FluxEvent,
  { appRef }: Pipeline,
  { targets }: Environment,
): [field: string, received: string, expected: string] | undefined {
  const group = apiGroup(involvedObject.apiVersion ?? '');
  if (group !== apiGroup(appRef.apiVersion)) {
    return ['API group', plain(group), plain(apiGroup(appRef.apiVersion))];
  }
  if (involvedObject.kind !== appRef.kind) return ['kind', plain(involvedObject.kind), plain(appRef.kind)];
  if (involvedObject.name !== appRef.name) return ['name', plain(involvedObject.name), plain(appRef.name)];
  const namespaces = targets.map(({ namespace }) => namespace);
  if (namespaces.includes(involvedObject.namespace)) return undefined;
  return ['namespace', plain(involvedObject.namespace), listed(namespaces)];
}

/** A sender may write anything; only what can be a name in Kubernetes is shown. */
function plain(name: string): string {
  if (name === '') return 'empty';
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$/.test(name) ? name : 'not a Kubernetes name';
}

/** Flux copies the answer into a Kubernetes Event of at most 1 KiB. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((name) => bounded(name, 64));
  return [...shown, ...(names.length > shown.length ? ['…'] : [])].join(', ');
}

function apiGroup(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

interface Change {
  readonly kind: DeploymentEvent['kind'];
  readonly install: boolean;
}

const installed: Change = { kind: 'deployed', install: true };
const upgraded: Change = { kind: 'deployed', install: false };
const changes = new Map<string, Change>([
  ['InstallSucceeded', installed],
  ['UpgradeSucceeded', upgraded],
  ['RollbackSucceeded', { kind: 'rolled-back', install: false }],
]);

const noPromotion = ignoreReasons['not-a-promotion'].sentences;

function classify(event: FluxEvent, signed: boolean): Change | { readonly ignored: string } {
  const reason = event.reason ?? '';
  if (event.severity === 'error') return { ignored: noPromotion.failure() };
  if (reason === '') return signed ? upgraded : { ignored: noPromotion.unexplained() };
  const change =
    changes.get(reason) ?? (reason === 'info' ? changeOfMessage(event.message ?? '') : undefined);
  return change ?? { ignored: noPromotion.otherReason(printable(reason)) };
}

/** helm-controller up to 0.36 gave every normal event the reason `info`: only the message shows what happened. */
function changeOfMessage(message: string): Change | undefined {
  const verb = /^Helm (install|upgrade) succeeded\b/i.exec(message)?.[1]?.toLowerCase();
  if (verb === undefined) return undefined;
  return verb === 'install' ? installed : upgraded;
}

function printable(reason: string): string {
  return /^[A-Za-z0-9_-]{1,64}$/.test(reason) ? reason : 'this reason';
}

function deployment(
  { body, pipeline }: ReceivedEvent,
  hop: Hop,
  { involvedObject, message }: FluxEvent,
  change: Change & ReportedVersion & { readonly at: number },
): DeploymentEvent {
  const object = `${involvedObject.namespace}/${involvedObject.name}`;
  const uid = involvedObject.uid ?? '';
  // A rollback's message names the release that Helm went back to, not the new one.
  const release = change.kind === 'deployed' ? releaseNumber(message ?? '') : undefined;
  return {
    ...change,
    pipeline: { namespace: pipeline.namespace, name: pipeline.name },
    environment: hop.from.name,
    identity: identityOf(uid, release, change.version, body),
    reporter: uid === '' ? object : bounded(uid, maxReporterBytes),
    ...(release === undefined ? {} : { release }),
    object,
    ...(change.install && isSoleTarget(hop.from, involvedObject.namespace) ? { soleTarget: true } : {}),
  };
}

/** Clusters of one environment may each have that object; the event does not say from which it comes. */
function isSoleTarget({ targets }: Environment, namespace: string): boolean {
  return targets.filter((target) => target.namespace === namespace).length === 1;
}

/** One name for one deployment, for every reporter and every report; all attempts of one sender have the same body. */
function identityOf(uid: string, release: number | undefined, version: string, body: Uint8Array): string {
  const named = uid !== '' && release !== undefined ? JSON.stringify([uid, release, version]) : body;
  return createHash('sha256').update(named).digest('hex');
}
