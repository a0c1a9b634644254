/**
 * The closed set of errors in an event: the sentences for its sender, which Flux shows in a Kubernetes Event. They
 * quote nothing of the body.
 */
export const eventFaults = {
  noEnvironment: (pipeline: string, environment: string) =>
    `app ${pipeline} has no environment ${environment} defined`,
  noTargets: (environment: string) => `environment ${environment} has no targets`,
  otherObject: () => 'involved object does not match Pipeline definition',
  noRevision: () => "event has no 'revision' in the metadata field.",
  badRevision: (fault: string) => `the 'revision' in the metadata field ${fault}.`,
  futureTimestamp: () =>
    "the event's timestamp is more than 5 minutes in the future: check the sender's clock.",
  noJson: () => 'the body is not JSON in UTF-8.',
  noFluxEvent: (field: string, fault: string) => `the body is not a Flux event: ${field}: ${fault}.`,
} as const satisfies Record<string, (...values: never[]) => string>;
