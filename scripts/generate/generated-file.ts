export interface GeneratedFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/**
 * Writes files from a table in the source. Of a file that people write too, it takes the committed text and changes its
 * own part.
 * @param committed a file's text by its path from the root of the repository
 */
export type Generator = (committed: (path: string) => string) => readonly GeneratedFile[];
