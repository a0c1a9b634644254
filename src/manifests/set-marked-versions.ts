import { LineCounter } from 'yaml';
import { type ReportedVersion } from '../domain/version/reported-version';
import { maxTokens } from '../yaml/yaml-limits';
import { type ParseLimits, type TokenTally } from './document-parser';
import { type DocumentChanges, type TextEdit, changesOfDocument } from './document-edits';
import { type MarkerMiss, findMisses } from './marker-misses';
import { documentRanges } from './document-stream';
import { type Marker, type MarkerComment, findMarkerComments, mentionsMarker } from './marker';

export interface MarkedVersion {
  /** The value's line, 1-based. */
  readonly line: number;
  /** The previous value, without its quotes; empty if there was none. */
  readonly previous: string;
  /** What it is: `HelmRelease spec.chart.spec.version`. */
  readonly place: string;
  /** The value now. */
  readonly next: string;
  /** Sentences for the reviewer. */
  readonly warnings: readonly string[];
}

export interface MarkedText {
  readonly text: string;
  /** Every marked value in the text's order, also those that hold the version already. */
  readonly changes: readonly MarkedVersion[];
  /** What was probably meant as the marker and does not count. */
  readonly misses: readonly MarkerMiss[];
  /** Lines of the markers that count, 1-based. */
  readonly markerLines: readonly number[];
}

/**
 * Sets every version with the marker of one environment, and changes only the bytes of those scalars.
 * Documents without that marker are not parsed, so they may be broken or templates.
 *
 * @param text a YAML stream, decoded so that what is not edited encodes to the same bytes again (with its byte order
 *   mark, and refused where it is not UTF-8)
 * @param repairs false: a document with lines that lack their indentation is a fault, which takes less time
 * @param tally zero; counts the YAML tokens that are parsed, also where that ends in a fault
 * @throws ManifestFault when the marker is there but cannot be honoured
 */
export function setMarkedVersions(
  text: string,
  marker: Marker,
  report: ReportedVersion,
  { repairs = true, tally = { tokens: 0 } }: { readonly repairs?: boolean; readonly tally?: TokenTally } = {},
): MarkedText {
  const comments = mentionsMarker(text, marker) ? findMarkerComments(text, marker) : [];
  const lineAt = lineNumbers(text);
  const documents = changesOfMarkedDocuments(text, comments, report, lineAt, { repairs, tally });
  const changes = documents.flatMap((document) => document.changes);
  const counted = new Set(documents.flatMap((document) => document.counted));
  const inStrings = new Set(documents.flatMap((document) => document.inStrings));
  return {
    text: applyEdits(
      text,
      changes.flatMap(({ edits }) => edits),
    ),
    changes: changes.map(({ offset, previous, place, next, warnings }) => ({
      line: lineAt(offset),
      previous,
      place,
      next,
      warnings,
    })),
    misses: findMisses(text, marker, counted, inStrings),
    markerLines: [...counted],
  };
}

function changesOfMarkedDocuments(
  text: string,
  comments: readonly MarkerComment[],
  report: ReportedVersion,
  lineAt: (offset: number) => number,
  { repairs, tally }: Omit<ParseLimits, 'tokens'>,
): DocumentChanges[] {
  const changes: DocumentChanges[] = [];
  let next = 0;
  for (const { start, end } of documentRanges(text)) {
    const first = next;
    while ((comments[next]?.offset ?? end) < end) next += 1;
    if (next > first) {
      const source = text.slice(start, end);
      const document = { source, start, comments: comments.slice(first, next), lineAt };
      const tokens = Math.max(0, maxTokens - tally.tokens);
      changes.push(changesOfDocument(document, report, { tokens, repairs, tally }));
    }
  }
  return changes;
}

/** @returns the 1-based line of an offset */
function lineNumbers(text: string): (offset: number) => number {
  const counter = new LineCounter();
  for (let at = 0; at !== 0 || counter.lineStarts.length === 0; at = text.indexOf('\n', at) + 1) {
    counter.addNewLine(at);
  }
  return (offset) => counter.linePos(offset).line;
}

/** @param edits none overlapping another; two of the same text may be equal */
function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const parts: string[] = [];
  let copied = 0;
  for (const { start, end, replacement } of edits.toSorted((a, b) => a.start - b.start)) {
    if (start < copied) continue;
    parts.push(text.slice(copied, start), replacement);
    copied = end;
  }
  parts.push(text.slice(copied));
  return parts.join('');
}
