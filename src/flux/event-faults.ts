/**
 * The closed set of errors in an event: the sentences for its sender, which Flux shows in a Kubernetes Event. They
 * quote nothing of the body but short plain names. Each begins as pipeline-controller's did.
 */
export const eventFaults = {
  noEnvironment: (pipeline: string, environment: string, known: string) =>
    `app ${pipeline} has no environment ${environment} defined: it has ${known}`,
  noTargets: (environment: string) => `environment ${environment} has no targets`,
  otherObject: (field: string, received: string, expected: string) =>
    `involved object does not match Pipeline definition: ${field} is ${received}, expected ${expected}`,
  noRevision: () => "event has no 'revision' in the metadata field. Expected a string, received nothing.",
  badRevision: (fault: string) => `the 'revision' in the metadata field ${fault}.`,
  futureTimestamp: () =>
    "the event's timestamp is more than 5 minutes in the future: check the sender's clock.",
  noJson: () => 'the body is not JSON in UTF-8.',
  noFluxEvent: (field: string, fault: string) => `the body is not a Flux event: ${field}: ${fault}.`,
} as const satisfies Record<string, (...values: never[]) => string>;
