/**
 * Markers as text: the comment `# {"$promotion": "<namespace>:<pipeline>:<environment>"}`.
 *
 * The syntax is that of kyaml's setters (sigs.k8s.io/kustomize/kyaml/fieldmeta), which pipeline-controller used: a
 * comment, without its leading `#`s, is a JSON object with the key `$promotion`. Other keys are allowed.
 */

export interface Marker {
  readonly namespace: string;
  readonly pipeline: string;
  readonly environment: string;
}

/**
 * The content of an environment's marker: `namespace:pipeline:environment`. A file without this text has no such
 * marker.
 */
export function markerValue(marker: Marker): string {
  return `${marker.namespace}:${marker.pipeline}:${marker.environment}`;
}

/** Whether the text may contain a marker of that environment: cheap, and with false positives. */
export function mentionsMarker(text: string, marker: Marker): boolean {
  return text.includes(key) && text.includes(markerValue(marker));
}

/** A possible comment with our marker. Only a YAML parser can tell a comment from a part of a string. */
export interface MarkerComment {
  /** The offset of the first `#`, in UTF-16 code units. */
  readonly offset: number;
  /** False: meant as our marker, but not the required JSON. */
  readonly wellFormed: boolean;
}

/** Finds possible comments with the marker of that environment, at most one per line, in the text's order. */
export function findMarkerComments(text: string, marker: Marker): MarkerComment[] {
  const value = markerValue(marker);
  const found: MarkerComment[] = [];
  let at = text.indexOf(value);
  while (at !== -1) {
    const lineStart = text.lastIndexOf('\n', at) + 1;
    const newline = text.indexOf('\n', at);
    const lineEnd = newline === -1 ? text.length : newline;
    const line = text.slice(lineStart, lineEnd);
    const column = commentColumn(line, line.lastIndexOf(value));
    if (column !== undefined) {
      const meaning = readComment(line.slice(column), value);
      if (meaning !== 'other') found.push({ offset: lineStart + column, wellFormed: meaning === 'ours' });
    }
    at = text.indexOf(value, lineEnd);
  }
  return found;
}

const key = '$promotion';
/** `#` starts a comment at the start of a line and after white space only (YAML 1.2.2, 6.6). */
const openings = /(?<![^ \t\uFEFF])#+[ \t]*\{/g;
const wholeLineComment = /^[ \t\uFEFF]*(?=#)/;

/** Where the comment with the text at `valueColumn` starts; undefined if it cannot be a marker. */
function commentColumn(line: string, valueColumn: number): number | undefined {
  let last: number | undefined;
  for (const match of line.slice(0, valueColumn).matchAll(openings)) last = match.index;
  const indent = wholeLineComment.exec(line);
  // In a line that is entirely a comment, a later `#` is prose or a line commented out.
  return indent !== null && indent[0].length !== last ? undefined : last;
}

function readComment(comment: string, value: string): 'ours' | 'malformed' | 'other' {
  const content = comment.replace(/^#+/, '');
  try {
    const setters = JSON.parse(content) as Readonly<Record<string, unknown>>;
    const named = setters[key];
    if (named === undefined) return 'other';
    if (typeof named === 'string') return named === value ? 'ours' : 'other';
  } catch {
    // Perhaps meant as a marker: decided below.
  }
  const named = content.includes(`"${value}"`) || content.includes(`'${value}'`);
  return named && content.includes(key) ? 'malformed' : 'other';
}
