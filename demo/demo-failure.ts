/** Why the demo cannot continue, for the user; the message says what to do. */
export class DemoFailure extends Error {
  override readonly name = 'DemoFailure';

  /** @param log the last log lines that explain it */
  constructor(
    message: string,
    readonly log: readonly string[] = [],
  ) {
    super(message);
  }
}
