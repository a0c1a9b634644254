import { LineCounter } from 'yaml';
import { type ScalarEdit, editsOfDocument } from './document-edits';
import { documentRanges } from './document-stream';
import { type Marker, type MarkerComment, findMarkerComments, mentionsMarker } from './marker';

export interface MarkedVersion {
  /** The value's line, 1-based. */
  readonly line: number;
  /** The previous value, without its quotes; empty if there was none. */
  readonly previous: string;
}

/**
 * Sets every version with the marker of one environment, and changes only the bytes of those scalars.
 * Documents without that marker are not parsed, so they may be broken or templates.
 *
 * @param text a YAML stream, decoded so that unchanged text encodes to the same bytes again (with its byte order
 *   mark, and
 * @returns `changes`: every marked value in the text's order, including those that already have the version; none if
 *   the
 * @throws ManifestFault if the marker is in an unsupported place
 */
export function setMarkedVersions(
  text: string,
  marker: Marker,
  version: string,
): { readonly text: string; readonly changes: readonly MarkedVersion[] } {
  const comments = mentionsMarker(text, marker) ? findMarkerComments(text, marker) : [];
  if (comments.length === 0) return { text, changes: [] };
  const lineAt = lineNumbers(text);
  const edits = editsOfMarkedDocuments(text, comments, version, lineAt);
  return {
    text: applyEdits(text, edits),
    changes: edits.map(({ start, previous }) => ({ line: lineAt(start), previous })),
  };
}

function editsOfMarkedDocuments(
  text: string,
  comments: readonly MarkerComment[],
  version: string,
  lineAt: (offset: number) => number,
): ScalarEdit[] {
  const edits: ScalarEdit[] = [];
  let next = 0;
  for (const { start, end } of documentRanges(text)) {
    const first = next;
    while ((comments[next]?.offset ?? end) < end) next += 1;
    if (next > first) {
      const source = text.slice(start, end);
      edits.push(
        ...editsOfDocument({ source, start, comments: comments.slice(first, next), lineAt }, version),
      );
    }
  }
  return edits;
}

/** @returns the 1-based line of an offset */
function lineNumbers(text: string): (offset: number) => number {
  const counter = new LineCounter();
  for (let at = 0; at !== 0 || counter.lineStarts.length === 0; at = text.indexOf('\n', at) + 1) {
    counter.addNewLine(at);
  }
  return (offset) => counter.linePos(offset).line;
}

/** @param edits in the text's order, without overlaps */
function applyEdits(text: string, edits: readonly ScalarEdit[]): string {
  const parts: string[] = [];
  let copied = 0;
  for (const { start, end, replacement } of edits) {
    parts.push(text.slice(copied, start), replacement);
    copied = end;
  }
  parts.push(text.slice(copied));
  return parts.join('');
}
