import { CST } from 'yaml';
import { parseDocument } from './document-parser';
import { ManifestFault } from './manifest-fault';
import { type Site, type ValueScalar, findSites } from './marked-sites';
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
export interface ScalarEdit {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  /** The previous value, without its quotes; empty if there was none. */
  readonly previous: string;
}

/**
 * Returns the edits that set every marked value of a document, in the text's order. An edit without a change replaces
 * the scalar with itself.
 * @throws ManifestFault if the document cannot be parsed, or a marker is where no version can be set
 */
export function editsOfDocument(document: MarkedDocument, version: string): ScalarEdit[] {
  const sites = sitesOf(document);
  const edits = new Map<number, ScalarEdit>();
  for (const comment of document.comments) {
    const site = sites.get(comment.offset - document.start);
    if (site === undefined) continue;
    const line = document.lineAt(comment.offset);
    if (!comment.wellFormed) {
      throw new ManifestFault(
        line,
        'The marker is invalid: its comment must contain only {"$promotion": "<namespace>:<pipeline>:<environment>"}',
      );
    }
    const edit = editOfSite(site, version, line, document.start);
    // A value can have two markers, on its line and above.
    edits.set(edit.start, edit);
  }
  return [...edits.values()].sort((a, b) => a.start - b.start);
}

/** The marked site of each comment, by the comment's offset in the document. */
function sitesOf({ source, start, comments, lineAt }: MarkedDocument): ReadonlyMap<number, Site> {
  const parsed = parseDocument(source);
  if (parsed.fault !== undefined) {
    const markerLine = lineAt(comments[0]?.offset ?? start);
    throw new ManifestFault(
      lineAt(start + parsed.fault.offset),
      `The document with the marker of line ${markerLine} cannot be parsed as YAML (${parsed.fault.message}): fix it, or mark the version in a file that is not a template`,
    );
  }
  return findSites(source, parsed.tokens, new Set(comments.map(({ offset }) => offset - start)));
}

function editOfSite(site: Site, version: string, line: number, documentStart: number): ScalarEdit {
  if (site.kind === 'unfit') {
    throw new ManifestFault(line, `The marker marks ${site.what}: move it to the end of the version's line`);
  }
  if (site.tag !== undefined && !stringTags.has(site.tag)) {
    throw new ManifestFault(
      line,
      `The marked value has the tag ${site.tag}, but a version is a string: remove the tag`,
    );
  }
  if (site.kind === 'empty') {
    const at = documentStart + site.offset;
    return { start: at, end: at, replacement: ` ${versionScalar(version, 'plain')}`, previous: '' };
  }
  const { scalar } = site;
  const previous = CST.resolveAsScalar(scalar, false).value;
  const style = styles[scalar.type];
  const holdsVersion =
    previous === version && (style !== 'plain' || site.tag !== undefined || isPlainString(version));
  const start = documentStart + scalar.offset;
  return {
    start,
    end: start + scalar.source.length,
    replacement: holdsVersion ? scalar.source : versionScalar(version, style),
    previous,
  };
}

/** The tags of a string: short, non-specific and in full. */
const stringTags: ReadonlySet<string> = new Set(['!!str', '!', '!<tag:yaml.org,2002:str>']);

const styles: Readonly<Record<ValueScalar['type'], ScalarStyle>> = {
  scalar: 'plain',
  'single-quoted-scalar': 'single-quoted',
  'double-quoted-scalar': 'double-quoted',
};
