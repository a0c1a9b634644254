import { createHmac } from 'node:crypto';
import { rfc3339Seconds } from '../domain/rfc3339';

/** An event as Flux posts it, with its fields in notification-controller's order. */
export interface FluxEvent {
  readonly involvedObject: {
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
    readonly apiVersion: string;
    readonly resourceVersion: string;
  };
  readonly severity: 'info' | 'error';
  /** RFC 3339, whole seconds. */
  readonly timestamp: string;
  readonly message: string;
  readonly reason: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly reportingController: string;
  readonly reportingInstance: string;
}

/** A successful release of a HelmRelease. */
export interface ReportedRelease {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Chart version or revision. */
  readonly revision: string;
  /** Helm's release number; 1 is an installation. */
  readonly release: number;
  /** Of the chart's OCI artifact, where it has one. */
  readonly ociDigest?: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** The event of helm-controller for it; the chart has the HelmRelease's name. */
export function releaseSucceeded({
  namespace,
  name,
  uid,
  revision,
  release,
  ociDigest,
  at,
}: ReportedRelease): FluxEvent {
  const [reason, deed] = release === 1 ? ['InstallSucceeded', 'install'] : ['UpgradeSucceeded', 'upgrade'];
  return {
    involvedObject: {
      kind: 'HelmRelease',
      namespace,
      name,
      uid,
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      resourceVersion: String(release),
    },
    severity: 'info',
    timestamp: rfc3339Seconds(at),
    message: `Helm ${deed} succeeded for release ${namespace}/${name}.v${release} with chart ${name}@${revision}`,
    reason,
    metadata: { revision, ...(ociDigest === undefined ? {} : { 'oci-digest': ociDigest }) },
    reportingController: 'helm-controller',
    reportingInstance: 'windlass',
  };
}

const goEscapes = /[<>&\u2028\u2029]/g;

/**
 * The event's bytes as Go's encoding/json writes them: metadata keys sorted, `<`, `>`, `&`, U+2028 and U+2029 escaped
 * (https://pkg.go.dev/encoding/json#Marshal). The signature covers these bytes.
 */
export function encodeFluxEvent(event: FluxEvent): string {
  const { involvedObject: object, metadata } = event;
  const ordered = {
    involvedObject: {
      kind: object.kind,
      namespace: object.namespace,
      name: object.name,
      uid: object.uid,
      apiVersion: object.apiVersion,
      resourceVersion: object.resourceVersion,
    },
    severity: event.severity,
    timestamp: event.timestamp,
    message: event.message,
    reason: event.reason,
    metadata: Object.fromEntries(Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1))),
    reportingController: event.reportingController,
    reportingInstance: event.reportingInstance,
  };
  return JSON.stringify(ordered).replace(goEscapes, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/**
 * The headers that notification-controller sends with a body.
 * @param hmacKey used untrimmed, as in a Provider of type `generic-hmac`; undefined: unsigned, as type `generic`
 */
export function fluxHeaders(body: string, hmacKey?: string | Uint8Array): Readonly<Record<string, string>> {
  return {
    'Content-Type': 'application/json',
    'Gotk-Component': 'helm-controller',
    'User-Agent': 'Go-http-client/1.1',
    ...(hmacKey === undefined
      ? {}
      : { 'X-Signature': `sha256=${createHmac('sha256', hmacKey).update(body).digest('hex')}` }),
  };
}
