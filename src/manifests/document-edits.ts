import { CST } from 'yaml';
import { maxTokens } from '../yaml/yaml-limits';
import { type ParseLimits, parseDocument } from './document-parser';
import { type IndentedText } from './indented-text';
import { ManifestFault } from './manifest-fault';
import { type ReportedVersion } from '../domain/version/reported-version';
import { formatPlace } from '../domain/version/version-place';
import { versionToWrite } from '../domain/version/version-to-write';
import { type Site, findSites } from './marked-sites';
import { type ValueScalar } from './value-scalar';
import { type Location, placeOf, siblingScalar } from './yaml-location';
import { type MarkerComment } from './marker';
import { type ScalarStyle, isPlainString, versionScalar } from './version-scalar';

/** A document with our marker; offsets count from the start of the file. */
export interface MarkedDocument {
  readonly source: string;
  readonly start: number;
  readonly comments: readonly MarkerComment[];
  /** The 1-based line of an offset. */
  readonly lineAt: (offset: number) => number;
}

/** Replaces the text from `start` up to `end`, offsets into the file. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/** One marked value and its change; without `edits` the value stays as it is. */
export interface ValueChange {
  /** Of the value, into the file. */
  readonly offset: number;
  /** The value before, without its quotes; empty where there was none. */
  readonly previous: string;
  /** What it is: `HelmRelease spec.chart.spec.version`. */
  readonly place: string;
  /** The value afterwards, without its quotes. */
  readonly next: string;
  /** Sentences for the reviewer. */
  readonly warnings: readonly string[];
  readonly edits: readonly TextEdit[];
}

export interface DocumentChanges {
  /** In the text's order. */
  readonly changes: readonly ValueChange[];
  /** Lines whose marker counts. */
  readonly counted: readonly number[];
  /** Lines whose marker is no comment, but part of a string. */
  readonly inStrings: readonly number[];
}

/**
 * The change of every marked value of a document.
 * @throws ManifestFault when the document cannot be parsed, or a marker stands where no version can be set
 */
export function changesOfDocument(
  document: MarkedDocument,
  report: ReportedVersion,
  limits: ParseLimits,
): DocumentChanges {
  const { text, sites } = survey(document, limits);
  const toFile: ToFile = (offset) => document.start + text.toSource(offset);
  const changes = new Map<number, ValueChange>();
  const counted: number[] = [];
  const inStrings: number[] = [];
  for (const comment of document.comments) {
    const site = sites.get(text.toText(comment.offset - document.start));
    const line = document.lineAt(comment.offset);
    if (site === undefined) {
      inStrings.push(line);
      continue;
    }
    counted.push(line);
    if (!comment.wellFormed) {
      throw new ManifestFault(
        line,
        'The marker is invalid: its comment must contain only {"$promotion": "<namespace>:<pipeline>:<environment>"}',
      );
    }
    const change = changeOfSite(site, report, line, toFile);
    // One value may be marked twice, behind and above it.
    changes.set(change.offset, change);
  }
  return {
    changes: [...changes.values()].sort((a, b) => a.offset - b.offset),
    counted,
    inStrings,
  };
}

/** A document as it was parsed: offsets of its sites count in `text`. */
interface Surveyed {
  readonly text: IndentedText;
  /** For which value each of the document's comments speaks, by its offset in the text. */
  readonly sites: ReadonlyMap<number, Site>;
}

function survey({ source, start, comments, lineAt }: MarkedDocument, limits: ParseLimits): Surveyed {
  const parsed = parseDocument(source, limits);
  if (parsed.fault !== undefined) {
    const markerLine = lineAt(comments[0]?.offset ?? start);
    if (parsed.fault.isTooLong === true) {
      throw new ManifestFault(
        markerLine,
        `The documents of this file with markers have more than ${maxTokens} YAML tokens, the last of them in line ${lineAt(start + parsed.fault.offset)}: move the marked version into a smaller file`,
      );
    }
    throw new ManifestFault(
      lineAt(start + parsed.fault.offset),
      `The document with the marker of line ${markerLine} cannot be parsed as YAML (${parsed.fault.message}): fix it, or mark the version in a file that is not a template`,
    );
  }
  const { text, tokens } = parsed;
  const offsets = new Set(comments.map(({ offset }) => text.toText(offset - start)));
  return { text, sites: findSites(text.text, tokens, offsets) };
}

/** An offset of a site as one into the file. */
type ToFile = (offset: number) => number;

function changeOfSite(site: Site, report: ReportedVersion, line: number, toFile: ToFile): ValueChange {
  if (site.kind === 'unfit') {
    throw new ManifestFault(line, `The marker marks ${site.what}: move it to the end of the version's line`);
  }
  if (site.tag !== undefined && !stringTags.has(site.tag)) {
    throw new ManifestFault(
      line,
      `The marked value has the tag ${site.tag}, but a version is a string: remove the tag`,
    );
  }
  const previous = site.kind === 'empty' ? '' : CST.resolveAsScalar(site.scalar, false).value;
  const place = placeOf(site.location);
  const ruling = versionToWrite(previous, place, report);
  if (ruling.action === 'refused') throw new ManifestFault(line, ruling.because);
  const next = ruling.action === 'unchanged' ? previous : ruling.value;
  const digest = ruling.action === 'unchanged' ? undefined : ruling.digest;
  return {
    offset: toFile(site.kind === 'empty' ? site.offset : site.scalar.offset),
    previous,
    place: formatPlace(place),
    next,
    warnings: ruling.warnings,
    edits: [
      ...(site.kind === 'empty'
        ? insertion(toFile(site.offset), next)
        : replacement(site.scalar, next, site.tag !== undefined, toFile)),
      ...(digest === undefined ? [] : digestEdit(site.location, digest, toFile)),
    ],
  };
}

function insertion(offset: number, value: string): TextEdit[] {
  return [{ start: offset, end: offset, replacement: ` ${versionScalar(value, 'plain')}` }];
}

/** Nothing where the scalar holds that very string already. */
function replacement(scalar: ValueScalar, value: string, isTagged: boolean, toFile: ToFile): TextEdit[] {
  const style = styles[scalar.type];
  const isString = style !== 'plain' || isTagged || isPlainString(value);
  if (isString && CST.resolveAsScalar(scalar, false).value === value) return [];
  const start = toFile(scalar.offset);
  const end = toFile(scalar.offset + scalar.source.length);
  return [{ start, end, replacement: versionScalar(value, style) }];
}

function digestEdit(location: Location, digest: string, toFile: ToFile): TextEdit[] {
  const scalar = siblingScalar(location, 'digest');
  return scalar === undefined ? [] : replacement(scalar, digest, true, toFile);
}

/** The tags of a string: short, non-specific and in full. */
const stringTags: ReadonlySet<string> = new Set(['!!str', '!', '!<tag:yaml.org,2002:str>']);

const styles: Readonly<Record<ValueScalar['type'], ScalarStyle>> = {
  scalar: 'plain',
  'single-quoted-scalar': 'single-quoted',
  'double-quoted-scalar': 'double-quoted',
};
