/** Where in a manifest a version stands, as far as it decides what is written there. */
export interface VersionPlace {
  /** Of the Kubernetes object around it; undefined where there is none, as in a values file. */
  readonly kind: string | undefined;
  /** Keys and indexes from that object, or from the document, down to the value. */
  readonly path: readonly (string | number)[];
  /** The scalars of the map that the value stands in, by key. */
  readonly siblings: ReadonlyMap<string, string>;
  /** `spec.url` of that object. */
  readonly url: string | undefined;
}

/** The key of the value; undefined for an item of a list. */
export function keyOf({ path }: VersionPlace): string | undefined {
  const last = path.at(-1);
  return typeof last === 'string' ? last : undefined;
}

/** `spec.ref.tag` of a Flux OCIRepository: a tag, which cannot hold the `+` of build metadata. */
export function isOciRepositoryTag({ kind, path }: VersionPlace): boolean {
  return kind === 'OCIRepository' && path.join('.') === 'spec.ref.tag';
}

/** `spec.ref.digest` of a Flux OCIRepository, which wins over the tag. */
export function isOciRepositoryDigest({ kind, path }: VersionPlace): boolean {
  return kind === 'OCIRepository' && path.join('.') === 'spec.ref.digest';
}

/** For people: `HelmRelease spec.values.containers[0].tag`. */
export function formatPlace({ kind, path }: VersionPlace): string {
  const steps = path.map((step, index) => {
    if (typeof step === 'number') return `[${step}]`;
    return index === 0 ? step : `.${step}`;
  });
  return [...(kind === undefined ? [] : [kind]), steps.join('') || 'the document'].join(' ');
}
