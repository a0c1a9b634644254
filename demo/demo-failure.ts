/** Why the demo cannot go on, for whoever started it; the message says what to do. */
export class DemoFailure extends Error {
  override readonly name = 'DemoFailure';

  /** @param log last lines that explain it */
  constructor(
    message: string,
    readonly log: readonly string[] = [],
  ) {
    super(message);
  }
}
