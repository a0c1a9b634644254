/** What a lane knows of the Helm tests in the environment that it promotes from. */
import { type EnvironmentFact } from '../environment-fact';
import { type EnvironmentNews } from '../promotion/promotion-news';
import { type LaneState, type LaneTask, type TestResult } from './lane-state';

/** As many targets and versions as a lane may be asked about. */
const testsLimit = 64;

export interface TestsStep {
  readonly state: LaneState;
  readonly tell?: readonly { readonly task: LaneTask; readonly news: EnvironmentNews }[];
}

/** @param fact the result of a test in the source environment */
export function onSourceTests(state: LaneState, fact: EnvironmentFact): TestsStep {
  const { version, reporter, at, kind, capability } = fact;
  const before = state.tests?.find((one) => one.version === version && one.reporter === reporter);
  if (before !== undefined && before.at > at) return { state };
  const result: TestResult = {
    version,
    reporter,
    at,
    passed: kind === 'tests-passed',
    ...(capability === undefined ? {} : { capability }),
  };
  const others = (state.tests ?? []).filter((one) => one !== before);
  const next: LaneState = { ...state, tests: [...others, result].slice(-testsLimit) };
  const { inHand } = next;
  if (inHand?.action !== 'promote' || inHand.version !== version) return { state: next };
  const outcome = testsOf(next, version);
  return outcome === undefined
    ? { state: next }
    : { state: next, tell: [{ task: inHand, news: { type: 'tests', outcome } }] };
}

/** How the tests of a version ended in the environment that the lane promotes from, and when the last of them did. */
export function testedIn(
  state: LaneState,
  version: string,
): { readonly outcome: 'passed' | 'failed'; readonly at: number } | undefined {
  const outcome = testsOf(state, version);
  if (outcome === undefined) return undefined;
  const decisive = (state.tests ?? []).filter(
    (one) => one.version === version && one.passed === (outcome === 'passed'),
  );
  return { outcome, at: Math.max(...decisive.map(({ at }) => at)) };
}

/** One target whose tests failed is enough; otherwise one whose tests passed. */
export function testsOf({ tests = [] }: LaneState, version: string): 'passed' | 'failed' | undefined {
  const results = tests.filter((one) => one.version === version);
  if (results.length === 0) return undefined;
  return results.every(({ passed }) => passed) ? 'passed' : 'failed';
}
