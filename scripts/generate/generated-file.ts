export interface GeneratedFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/**
 * Writes files from a table in the source. In a file that is only partly generated, it replaces the generated part of
 * the committed text.
 * @param committed a file's text by its path from the root of the repository
 */
export type Generator = (committed: (path: string) => string) => readonly GeneratedFile[];
