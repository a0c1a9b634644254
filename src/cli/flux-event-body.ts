/** A Flux event as helm-controller has notification-controller send it, for trying out an installation. */

export interface ReportedRelease {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Chart version or revision. */
  readonly revision: string;
  /** Helm's release number; 1 is an installation. */
  readonly release: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Go's encoding/json escapes these; the receiver has to verify the bytes as they are. */
const goEscapes: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/** The bytes that notification-controller would sign and post for a release that went well. */
export function fluxEventBody({ namespace, name, uid, revision, release, at }: ReportedRelease): Buffer {
  const [reason, deed] = release === 1 ? ['InstallSucceeded', 'install'] : ['UpgradeSucceeded', 'upgrade'];
  const event = {
    involvedObject: {
      kind: 'HelmRelease',
      namespace,
      name,
      uid,
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      resourceVersion: '1',
    },
    severity: 'info',
    // Kubernetes times have whole seconds.
    timestamp: new Date(at).toISOString().replace(/\.\d+Z$/, 'Z'),
    message: `Helm ${deed} succeeded for release ${namespace}/${name}.v${release} with chart ${name}@${revision}`,
    reason,
    metadata: { revision },
    reportingController: 'helm-controller',
    reportingInstance: 'windlass',
  };
  return Buffer.from(JSON.stringify(event).replace(/[<>&\u2028\u2029]/g, (char) => goEscapes[char] ?? char));
}
