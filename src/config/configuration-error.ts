/** All errors of a command line and configuration, in one message. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  /** @param faults at least one sentence */
  constructor(readonly faults: readonly string[]) {
    super(
      [
        faults.length === 1
          ? 'The configuration has an error:'
          : `The configuration has ${faults.length} errors:`,
        ...faults.map((fault) => `  - ${fault}`),
        'Nothing was started. Run windlass --help for usage.',
      ].join('\n'),
    );
  }
}
