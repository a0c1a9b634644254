/** Everything that is wrong with how the program was called, in one message. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  /** @param faults at least one sentence */
  constructor(readonly faults: readonly string[]) {
    super(
      [
        faults.length === 1
          ? 'The configuration has a fault:'
          : `The configuration has ${faults.length} faults:`,
        ...faults.map((fault) => `  - ${fault}`),
        'Nothing was started. See windlass --help.',
      ].join('\n'),
    );
  }
}
