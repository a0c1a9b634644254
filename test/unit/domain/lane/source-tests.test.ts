import { type LaneState, type TestResult } from '../../../../src/domain/lane/lane-state';
import { testedIn } from '../../../../src/domain/lane/source-tests';

const result = (reporter: string, passed: boolean, at: number): TestResult => ({
  version: '1.4.0',
  reporter,
  passed,
  at,
});
const stateWith = (...tests: TestResult[]) => ({ tests }) as unknown as LaneState;

it('the tests of a version passed when those of the last target did', () => {
  const state = stateWith(result('eu', true, 1), result('us', true, 3));
  expect(testedIn(state, '1.4.0')).toEqual({ outcome: 'passed', at: 3 });
});

it('one target whose tests failed is enough', () => {
  const state = stateWith(result('eu', false, 2), result('us', true, 3));
  expect(testedIn(state, '1.4.0')).toEqual({ outcome: 'failed', at: 2 });
});

it('nothing is known of a version that was not tested', () => {
  expect(testedIn(stateWith(result('eu', true, 1)), '1.5.0')).toBeUndefined();
});
