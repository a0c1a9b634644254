import { ManifestFault } from './manifest-fault';
import { type Marker, markerValue } from './marker';
import { setMarkedVersions } from './set-marked-versions';

/** A marker that counts, and the value that a promotion would set. */
export interface ListedMarker {
  readonly marker: Marker;
  /** Of the value, 1-based. */
  readonly line: number;
  /** `HelmRelease spec.chart.spec.version`. */
  readonly place: string;
  /** Its current value; empty if there is none. */
  readonly value: string;
}

/** A marker that does not count, or cannot be honored. */
export interface ListedMiss {
  readonly marker: Marker;
  readonly line: number;
  /** A sentence without its full stop. */
  readonly reason: string;
}

const assignment = /promotion["']?[ \t]*:[ \t]*["']([^"'\n:]+):([^"'\n:]+):([^"'\n:]+)/g;

/** As an event of an OCI chart: with it, no digest is refused that a real event could set. */
const probe = {
  version: '0.0.0',
  revision: '0.0.0+000000000000',
  ociDigest: `sha256:${'0'.repeat(64)}`,
};

/** Lists every marker of a YAML text, of whatever pipeline, in the text's order. */
export function listMarkers(text: string): {
  readonly markers: readonly ListedMarker[];
  readonly misses: readonly ListedMiss[];
} {
  const markers: ListedMarker[] = [];
  const misses: ListedMiss[] = [];
  const counted = new Set<number>();
  for (const marker of markersNamedIn(text)) {
    try {
      const { changes, misses: missed, markerLines } = setMarkedVersions(text, marker, probe);
      for (const line of markerLines) counted.add(line);
      markers.push(...changes.map(({ line, place, previous }) => ({ marker, line, place, value: previous })));
      misses.push(...missed.map(({ line, reason }) => ({ marker, line, reason })));
    } catch (error) {
      if (!(error instanceof ManifestFault)) throw error;
      misses.push({ marker, line: error.line, reason: error.reason });
    }
  }
  const byLine = (a: { readonly line: number }, b: { readonly line: number }): number => a.line - b.line;
  return {
    markers: markers.sort(byLine),
    // A marker of `eu` is not a misspelled one of `us`.
    misses: misses.filter(({ line }) => !counted.has(line)).sort(byLine),
  };
}

function markersNamedIn(text: string): Marker[] {
  const named = [...text.matchAll(assignment)].map(([, namespace = '', pipeline = '', environment = '']) => ({
    namespace,
    pipeline,
    environment,
  }));
  return [...new Map(named.map((marker) => [markerValue(marker), marker])).values()];
}
