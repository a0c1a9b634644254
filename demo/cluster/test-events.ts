import { type FluxEvent, type ReportedRelease, releaseSucceeded } from '../../src/flux/encode-event';

/**
 * The event of helm-controller for the end of a release's Helm tests: `internal/reconcile/test.go`, which sends a failure
 * with severity error.
 */
export function testsEnded(tested: ReportedRelease, passed: boolean): FluxEvent {
  const { namespace, name, revision, release } = tested;
  const [verb, why] = passed
    ? ['succeeded', '1 test hook completed successfully']
    : ['failed', `pod ${name}-test failed`];
  return {
    ...releaseSucceeded(tested),
    severity: passed ? 'info' : 'error',
    reason: passed ? 'TestSucceeded' : 'TestFailed',
    message: `Helm test ${verb} for release ${namespace}/${name}.v${release} with chart ${name}@${revision}: ${why}`,
  };
}
