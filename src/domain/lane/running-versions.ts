interface Versioned {
  readonly version: string;
}

/** One environment may report the leading `v` that another does not: it depends on where its chart comes from. */
export function isSameVersion(version: string, { version: promoted }: Versioned): boolean {
  return bareVersion(version) === bareVersion(promoted);
}

/** Without the leading `v`: equal for the same version. */
export function bareVersion(version: string): string {
  return version.replace(/^v(?=\d)/, '');
}
