/**
 * A manifest bears our marker, but the marker cannot be honoured there. Knows the line, not the path: the caller has
 * the path, and makes both a WindlassError `invalid-manifest`.
 */
export class ManifestFault extends Error {
  override readonly name = 'ManifestFault';

  /**
   * @param line 1-based
   * @param reason what is wrong and how it is mended: a sentence without its full stop
   */
  constructor(
    readonly line: number,
    readonly reason: string,
  ) {
    super(`line ${line}: ${reason}`);
  }
}
