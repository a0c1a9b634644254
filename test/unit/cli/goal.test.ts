import { progressTo } from '../../../src/cli/waiting/goal';

it.each([
  ['proposed', 'waiting-for-approval', false, 'waiting'],
  ['proposed', 'pull-request', false, 'reached'],
  ['proposed', 'notified', false, 'reached'],
  ['proposed', 'failed', true, 'missed'],
  ['proposed', 'superseded', true, 'missed'],
  ['proposed', 'yielded', true, 'waiting'],
  ['merged', 'pull-request', false, 'waiting'],
  ['merged', 'merged-outside-gates', false, 'reached'],
  ['merged', 'closed', true, 'missed'],
  ['deployed', 'merged', false, 'waiting'],
  ['deployed', 'unchanged', true, 'reached'],
  ['deployed', 'rolled-back', true, 'missed'],
  ['rejected', 'rejected', true, 'reached'],
  ['rejected', 'deployed', true, 'missed'],
  ['cancelled', 'cancelled', true, 'reached'],
] as const)('%s: the state %s (ended: %s) is %s', (goal, state, ended, progress) => {
  expect(progressTo(goal, state, ended)).toBe(progress);
});
