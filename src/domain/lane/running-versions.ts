interface Versioned {
  readonly version: string;
}

/** One environment may report the leading `v` that another does not: it depends on where its chart comes from. */
export function isSameVersion(version: string, { version: promoted }: Versioned): boolean {
  const bare = (text: string): string => text.replace(/^v(?=\d)/, '');
  return bare(version) === bare(promoted);
}
