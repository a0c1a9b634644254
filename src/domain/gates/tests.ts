import { type Gate } from './gate';

export interface TestsPolicy {
  /** The Helm tests of the version must have passed in the source environment. Absent: they must not have failed. */
  readonly promoteOn?: 'tested';
}

/** `gates.promoteOn`. A withdrawal needs no tests: nothing is deployed by it. */
export const tests: Gate<TestsPolicy> = ({ task, tests: result }, { promoteOn }) => {
  if (result === 'passed' || task.action === 'withdraw') return { open: true };
  if (result === 'failed') {
    return {
      open: false,
      until: 'tests',
      shownAs: 'tests-failed',
      brief: `the Helm tests failed in ${task.from}`,
      next: ['It continues when they pass there. A newer version takes its place.'],
    };
  }
  if (promoteOn !== 'tested') return { open: true };
  return {
    open: false,
    until: 'tests',
    brief: `the Helm tests in ${task.from}`,
    next: [
      'It continues when they pass. Check that they are enabled in the HelmRelease, and that the Alert forwards ',
      { code: 'TestSucceeded' },
      '.',
    ],
  };
};
