/**
 * A manifest has our marker in an unsupported place. Contains the line, not the path: the caller has the path, and
 * converts both to a WindlassError `invalid-manifest`.
 */
export class ManifestFault extends Error {
  override readonly name = 'ManifestFault';

  /**
   * @param line 1-based
   * @param reason the error and how to fix it: a sentence without its full stop
   */
  constructor(
    readonly line: number,
    readonly reason: string,
  ) {
    super(`line ${line}: ${reason}`);
  }
}
