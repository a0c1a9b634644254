import { clipText } from '../domain/names';
import { type ReportedVersion } from '../domain/version/reported-version';
import { ManifestFault } from '../manifests/manifest-fault';
import { type Marker } from '../manifests/marker';
import { type MarkerMiss } from '../manifests/marker-misses';
import { type MarkedVersion, setMarkedVersions } from '../manifests/set-marked-versions';
import { sopsWarning } from '../manifests/sops';

export interface ManifestEdit {
  readonly bytes: Uint8Array;
  readonly marker: Marker;
  readonly report: ReportedVersion;
  /** False: not if that takes long; `fault` then says less. */
  readonly repairs: boolean;
}

export type EditedManifest = {
  /** How many YAML tokens were parsed. */
  readonly tokenCount: number;
} & (
  | {
      /** The file with the version; absent: it stays as it is. */
      readonly content?: Uint8Array;
      /** As of `MarkedText`; long texts are clipped. */
      readonly changes: readonly Omit<MarkedVersion, 'place'>[];
      readonly misses: readonly MarkerMiss[];
      /** What SOPS makes of the edit. */
      readonly sops?: string;
      readonly fault?: undefined;
    }
  /** The marker cannot be honored. */
  | { readonly fault: { readonly line: number; readonly reason: string } }
);

/** Of a value or a sentence. A value of a megabyte is quoted in histories and pull requests otherwise. */
const maxTextBytes = 1_000;

/** Sets the version in one file. */
export function editManifest({ bytes, marker, report, repairs }: ManifestEdit): EditedManifest {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  if (!Buffer.from(text, 'utf8').equals(bytes)) {
    return { fault: { line: 1, reason: 'The file is not valid UTF-8' }, tokenCount: 0 };
  }
  const tally = { tokens: 0 };
  try {
    const edited = setMarkedVersions(text, marker, report, { repairs, tally });
    const sops = edited.text === text ? undefined : sopsWarning(text);
    return {
      ...(edited.text === text ? {} : { content: Buffer.from(edited.text, 'utf8') }),
      changes: edited.changes.map(({ line, previous, next, warnings }) => ({
        line,
        previous: clipped(previous),
        next: clipped(next),
        warnings: warnings.map(clipped),
      })),
      misses: edited.misses.map((miss) => ({ ...miss, reason: clipped(miss.reason) })),
      ...(sops === undefined ? {} : { sops }),
      tokenCount: tally.tokens,
    };
  } catch (error) {
    if (!(error instanceof ManifestFault)) throw error;
    return { fault: { line: error.line, reason: clipped(error.reason) }, tokenCount: tally.tokens };
  }
}

function clipped(text: string): string {
  return text.length <= maxTextBytes / 4 ? text : clipText(text.slice(0, maxTextBytes + 1), maxTextBytes);
}
