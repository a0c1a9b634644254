/**
 * The version that Flux reports of a chart, and what Flux has done to it. Read from the sources:
 *
 * - helm-controller 1.4, `mutateChartWithSourceRevision`: for a chart of an OCIRepository, or of an ExternalArtifact with
 *   a digest, the version of Chart.yaml is parsed and printed again (without a leading `v`, in three parts) with the
 *   first 12 hex digits of the digest in place of its build metadata. The event then has the metadata `oci-digest`: a
 *   digest, or `<tag>@<digest>` for a tag that is not semver. With the feature gate `DisableChartDigestTracking` the
 *   version stays as it is in Chart.yaml, and `oci-digest` is there all the same.
 * - Flux before 2.3 appended `@sha256:<digest>`.
 */

/** A chart version with what is known of its origin; it travels through workflow histories. */
export interface ReportedVersion {
  /** Without the digits that Flux is known to have appended. */
  readonly version: string;
  /** The revision as the event has it, where it differs from `version`: Flux normalised the version. */
  readonly revision?: string;
  /** `sha256:<64 hex digits>` of the chart's OCI artifact. */
  readonly ociDigest?: string;
}

const digestAtEnd = /(?:^|@)(sha256:[0-9a-f]{64})$/;

/**
 * @param revision the event's metadata `revision`
 * @param ociDigest the event's metadata `oci-digest`, whatever the sender put there
 */
export function readReportedVersion(revision: string, ociDigest: unknown): ReportedVersion {
  const version = withoutDigest(revision, ociDigest);
  const digest = typeof ociDigest === 'string' ? digestAtEnd.exec(ociDigest)?.[1] : undefined;
  return {
    version,
    ...(version === revision ? {} : { revision }),
    ...(digest === undefined ? {} : { ociDigest: digest }),
  };
}

function withoutDigest(revision: string, ociDigest: unknown): string {
  const plain = revision.replace(/@sha(?:256|384|512):[0-9a-fA-F]{1,128}$/, '');
  const hex = typeof ociDigest === 'string' ? ociDigest.slice(ociDigest.lastIndexOf(':') + 1) : '';
  const suffix = `+${hex.slice(0, 12)}`;
  const appended = /^\+[0-9a-fA-F]{12}$/.test(suffix) && plain.endsWith(suffix);
  return appended ? plain.slice(0, -suffix.length) : plain;
}
