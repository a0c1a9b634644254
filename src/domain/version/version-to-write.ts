/**
 * What a promotion writes at a marker. The rule: undo only what Flux is known to have done to the version (with its
 * digest as the proof), otherwise write what was reported; never change what a digest, a constraint or a reference
 * around the version means.
 */
import semver from 'semver';
import { type ReportedVersion } from './reported-version';
import { isOciRepositoryDigest, isOciRepositoryTag, keyOf, type VersionPlace } from './version-place';

export type VersionRuling =
  | {
      readonly action: 'write';
      readonly value: string;
      /** What belongs into the key `digest` beside the value. */
      readonly digest?: string;
      /** Sentences for the reviewer. */
      readonly warnings: readonly string[];
    }
  | { readonly action: 'unchanged'; readonly warnings: readonly string[] }
  /** `because` is a sentence without its full stop. */
  | { readonly action: 'refused'; readonly because: string };

/** @param found the value in the manifest; empty where there is none */
export function versionToWrite(found: string, place: VersionPlace, report: ReportedVersion): VersionRuling {
  const because = refusal(found, place, report);
  if (because !== undefined) return { action: 'refused', because };
  if (isOciRepositoryDigest(place)) return digestToWrite(found, place, report);
  const { head, tag } = found === report.version ? { head: '', tag: found } : splitReference(found);
  const asTag = head !== '' || isOciRepositoryTag(place);
  const chosen = versionFor(tag, asTag, report);
  const value = head + chosen.version;
  const digest = digestBeside(place) === undefined ? undefined : report.ociDigest;
  const warnings = [
    ...chosen.warnings,
    ...constraintWarning(tag, chosen.version, place),
    ...(digest === undefined ? [] : [digestWarning(digest, place)]),
  ];
  if (value === found && digestBeside(place) === digest) return { action: 'unchanged', warnings };
  return { action: 'write', value, ...(digest === undefined ? {} : { digest }), warnings };
}

/** A marker at the digest itself. */
function digestToWrite(found: string, place: VersionPlace, { ociDigest }: ReportedVersion): VersionRuling {
  if (ociDigest === undefined) {
    return {
      action: 'refused',
      because: 'A digest is marked, and the event has no oci-digest: mark the tag',
    };
  }
  const warnings = [digestWarning(ociDigest, place)];
  return found === ociDigest
    ? { action: 'unchanged', warnings }
    : { action: 'write', value: ociDigest, warnings };
}

function refusal(found: string, place: VersionPlace, { ociDigest }: ReportedVersion): string | undefined {
  const key = keyOf(place);
  if (key === 'apiVersion' || key === 'kind') {
    return `The marker is at ${key}, which a promotion never sets: put it at the end of the version's line`;
  }
  if (found.startsWith('ENC[')) {
    return 'The marked value is encrypted by SOPS: leave versions unencrypted (encrypted_regex or unencrypted_regex)';
  }
  if (/@sha(?:256|384|512):[0-9a-f]+$/i.test(found)) {
    return 'The marked reference is pinned by its digest, which wins over the tag: remove the digest';
  }
  if (isReferenceWithoutTag(found)) {
    return 'The marked value is a reference without a tag: add the tag, or put the marker at the version';
  }
  if (isOciRepositoryTag(place) && place.siblings.has('semver')) {
    return 'spec.ref.semver stands beside the marked tag and wins over it: remove semver';
  }
  if (digestBeside(place) === undefined || isOciRepositoryDigest(place)) return undefined;
  if (!isOciRepositoryTag(place)) {
    return 'A digest stands beside the marked value and wins over it, and no event of Flux tells that digest: remove it';
  }
  return ociDigest === undefined
    ? 'spec.ref.digest stands beside the marked tag and wins over it, and the event has no oci-digest: remove digest'
    : undefined;
}

function digestBeside({ siblings }: VersionPlace): string | undefined {
  const digest = siblings.get('digest');
  return digest === undefined || digest === '' ? undefined : digest;
}

function digestWarning(digest: string, { url }: VersionPlace): string {
  return `The digest ${digest} is that of the chart which was reported: ${url ?? 'the repository'} must have it.`;
}

/** An image's or chart's address with its tag (https://github.com/distribution/reference), perhaps with a scheme. */
const reference =
  /^(?=[^:]*[A-Za-z])((?:[a-z]+:\/\/)?(?:[A-Za-z0-9][\w.-]*(?::\d+)?\/)?[A-Za-z0-9][\w.-]*(?:\/[\w.-]+)*:)([A-Za-z0-9_][\w.-]{0,127})$/;

/** A whole reference such as `host:5000/team/app:6.0.0` in two; `head` is empty where the value is the version alone. */
function splitReference(found: string): { readonly head: string; readonly tag: string } {
  const [, head, tag] = reference.exec(found) ?? [];
  return head === undefined || tag === undefined ? { head: '', tag: found } : { head, tag };
}

/** `oci://host/path` or `host.name/path`: to write a version over it would lose the address. */
function isReferenceWithoutTag(found: string): boolean {
  const isAddress =
    /^(?:[a-z]+:\/\/|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?::\d+)?\/|localhost(?::\d+)?\/)\S+$/.test(found);
  return isAddress && found.lastIndexOf(':') <= found.lastIndexOf('/');
}

interface Choice {
  readonly version: string;
  readonly warnings: readonly string[];
}

/**
 * source-controller, HelmChart: `valuesFiles` put the object's generation in place of the build metadata, and
 * `reconcileStrategy: Revision` the first 12 hex digits of the commit (both: `<commit>.<generation>`); the leading `v`
 * goes. (`buildFromTarballArtifact`, `setBuildMetaData`; `buildFromHelmRepository`.)
 */
const chartSuffix = /\+(?:\d+|[0-9a-f]{12}(?:\.\d+)?)$/;

function versionFor(current: string, asTag: boolean, report: ReportedVersion): Choice {
  const { version } = report;
  if (isNormalised(report)) return afterDigest(current, version);
  const plain = version.replace(chartSuffix, '');
  if (plain !== version && normalised(plain) !== undefined && metadataOf(current) === '') {
    return { version: likeCurrent(current, plain), warnings: [] };
  }
  return { version: asTag ? version.replaceAll('+', '_') : version, warnings: [] };
}

/** The event proves that Flux printed the version again with the digest's digits as its build metadata. */
function isNormalised({ version, revision, ociDigest }: ReportedVersion): boolean {
  return ociDigest !== undefined && revision !== undefined && revision.startsWith(`${version}+`);
}

function afterDigest(current: string, version: string): Choice {
  const metadata = metadataOf(current);
  if (metadata === '') return { version: likeCurrent(current, version), warnings: [] };
  if (normalised(current) === version) {
    const warning = `Flux does not report the chart's build metadata: ${current} stays, whatever follows ${version} in the chart that was reported.`;
    return { version: current, warnings: [warning] };
  }
  const warning = `Flux does not report the chart's build metadata: if the chart is ${version}+..., as ${current} suggests, complete the version before you merge.`;
  return { version: likeCurrent(current, version), warnings: [warning] };
}

/** Keeps the leading `v`, and the form of a version that is the same but for what Flux normalises. */
function likeCurrent(current: string, version: string): string {
  if (normalised(current) === version) return current;
  return /^v\d/.test(current) && !version.startsWith('v') ? `v${version}` : version;
}

/** As Go's Masterminds/semver prints a version, less its build metadata; undefined for what it does not take. */
function normalised(version: string): string | undefined {
  const match = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(-[0-9A-Za-z.-]+)?([+_][0-9A-Za-z.+_-]+)?$/.exec(version);
  if (match === null) return undefined;
  const [, major, minor = '0', patch = '0', prerelease = ''] = match;
  return `${major ?? ''}.${minor}.${patch}${prerelease}`;
}

/** Build metadata of a version, also in a tag's spelling with `_` for `+`; empty where there is none. */
function metadataOf(version: string): string {
  return /^v?\d+(?:\.\d+){0,2}(?:-[0-9A-Za-z.-]+)?[+_]([0-9A-Za-z.+_-]+)$/.exec(version)?.[1] ?? '';
}

function constraintWarning(found: string, version: string, place: VersionPlace): string[] {
  const isRange = /[<>=^~*|\s]|(?:^|\.)[xX](?:$|\.)/.test(found) && semver.validRange(found) !== null;
  if (found === version || (!isRange && !isPartialChartVersion(found, place))) return [];
  return [
    `The constraint ${found} is replaced by the version ${version}: from now on each version needs a promotion.`,
  ];
}

/** `1.2` is a constraint to Helm; elsewhere it may well be a tag. */
function isPartialChartVersion(found: string, { kind, path }: VersionPlace): boolean {
  const isChartVersion =
    (kind === 'HelmRelease' && path.join('.') === 'spec.chart.spec.version') ||
    (kind === 'HelmChart' && path.join('.') === 'spec.version');
  return isChartVersion && /^v?\d+(?:\.\d+)?$/.test(found);
}
