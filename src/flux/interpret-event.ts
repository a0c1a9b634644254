import { createHash } from 'node:crypto';
import { type EnvironmentFact } from '../domain/environment-fact';
import { type DeploymentEvent } from '../domain/event';
import { bounded } from '../domain/names';
import { type ReportedVersion, readReportedVersion } from '../domain/version/reported-version';
import {
  type Environment,
  type Hop,
  type Pipeline,
  findHop,
  findHopInto,
  formatPipelineRef,
} from '../domain/pipeline/pipeline';
import { type ReleaseChange, classifyEvent } from './classify-event';
import { eventFaults } from './event-faults';
import { type IgnoreCode, ignoreReasons } from './ignore-reasons';
import { listed, mismatch } from './match-object';
import { type FluxEvent, metadataValue, parseFluxEvent, releaseNumber, revisionFault } from './parse-event';

/** A fact, with the environments whose lanes must have it: at least one, the fact's own environment first. */
export interface AddressedFact {
  readonly fact: EnvironmentFact;
  readonly into: readonly [string, ...string[]];
}

export type Interpretation =
  /** A report for the lane into `to`, and perhaps a fact for the lane into the event's own environment. */
  | {
      readonly kind: 'accept';
      readonly event: DeploymentEvent;
      readonly to: string;
      readonly fact?: AddressedFact;
    }
  /** Promotes nothing, but says something of an environment that is promoted into or from. */
  | { readonly kind: 'record'; readonly fact: AddressedFact }
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

  const meaning = classifyEvent(event, received.signed);
  if ('ignored' in meaning) return ignore('not-a-promotion', meaning.ignored);

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
  const reading = { received, event, reported, at: Math.min(sentAt, receivedAt) };
  const isPromotedInto = findHopInto(pipeline, environment) !== undefined;
  if (!('install' in meaning)) {
    // A version whose tests fail must not be promoted further: the lane out of the environment must know.
    const [first, ...others] = [
      ...(isPromotedInto ? [environment] : []),
      ...(lookup.found ? [lookup.hop.to.name] : []),
    ];
    return first === undefined
      ? ignore('not-a-promotion', ignoreReasons['not-a-promotion'].sentences.test())
      : { kind: 'record', fact: { fact: factOf(reading, from, meaning.kind), into: [first, ...others] } };
  }
  const fact: AddressedFact | undefined = isPromotedInto
    ? { fact: factOf(reading, from, meaning.kind), into: [environment] }
    : undefined;
  if (lookup.found) {
    const event = deployment(reading, lookup.hop, meaning);
    return { kind: 'accept', to: lookup.hop.to.name, event, ...(fact === undefined ? {} : { fact }) };
  }
  return fact === undefined
    ? ignoreWithoutHop(lookup.reason === 'last-environment', pipeline, environment)
    : { kind: 'record', fact };
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

/** A valid event of the pipeline's object. */
interface Reading {
  readonly received: ReceivedEvent;
  readonly event: FluxEvent;
  readonly reported: ReportedVersion;
  /** min(event time, receipt time), milliseconds since the epoch. */
  readonly at: number;
}

function deployment(reading: Reading, hop: Hop, change: ReleaseChange): DeploymentEvent {
  const { received, event, reported, at } = reading;
  const { pipeline, body } = received;
  const release = releaseOf(event, change.kind);
  const { uid, reporter, object } = senderOf(event);
  return {
    ...change,
    ...reported,
    at,
    pipeline: { namespace: pipeline.namespace, name: pipeline.name },
    environment: hop.from.name,
    identity: identityOf(uid, release, reported.version, body),
    reporter,
    ...(release === undefined ? {} : { release }),
    object,
    ...(change.install && isSoleTarget(hop.from, event.involvedObject.namespace) ? { soleTarget: true } : {}),
    ...(hop.gates.supersede === 'queue' ? { supersede: 'queue' } : {}),
  };
}

function factOf(
  { received, event, reported: { version }, at }: Reading,
  { name, targets }: Environment,
  kind: EnvironmentFact['kind'],
): EnvironmentFact {
  const release = releaseOf(event, kind);
  const { uid, reporter, object } = senderOf(event);
  const ofTests = kind === 'tests-failed' || kind === 'tests-passed' ? [kind] : [];
  return {
    kind,
    environment: name,
    identity: identityOf(uid, release, version, received.body, ofTests),
    version,
    reporter,
    ...(release === undefined ? {} : { release }),
    at,
    object,
    targets: targets.length,
  };
}

function senderOf({ involvedObject }: FluxEvent): {
  readonly uid: string;
  readonly reporter: string;
  readonly object: string;
} {
  const object = `${involvedObject.namespace}/${involvedObject.name}`;
  const uid = involvedObject.uid ?? '';
  return { uid, object, reporter: uid === '' ? object : bounded(uid, maxReporterBytes) };
}

/** A rollback's message names the release that Helm went back to, not the new one. */
function releaseOf({ message }: FluxEvent, kind: EnvironmentFact['kind']): number | undefined {
  return kind === 'rolled-back' ? undefined : releaseNumber(message ?? '');
}

/** Clusters of one environment may each have that object; the event does not say from which it comes. */
function isSoleTarget({ targets }: Environment, namespace: string): boolean {
  return targets.filter((target) => target.namespace === namespace).length === 1;
}

/**
 * One name for one deployment, for every reporter and every report; all attempts of one sender have the same body.
 * @param about what distinguishes several events of one release
 */
function identityOf(
  uid: string,
  release: number | undefined,
  version: string,
  body: Uint8Array,
  about: readonly string[] = [],
): string {
  const named =
    uid !== '' && release !== undefined ? JSON.stringify([uid, release, version, ...about]) : body;
  return createHash('sha256').update(named).digest('hex');
}
