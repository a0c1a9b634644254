import { type WayStep, wayOf } from '../../../dashboard/src/promotion/way';

type Shown = Parameters<typeof wayOf>[0];

const at = (minute: number): string => `2026-11-28T12:${String(minute).padStart(2, '0')}:00.000Z`;
const minute = 60_000;
const reported = { step: 'reported', at: at(0), by: 'staging/shop' };

function way(more: Partial<Shown>): WayStep[] {
  return wayOf({
    action: 'promote',
    environment: 'prod',
    state: 'pull-request',
    ended: false,
    gates: [],
    timeline: [reported],
    ...more,
  });
}

const brief = (steps: readonly WayStep[]): string[] =>
  steps.map(({ words, standing }) => `${words} ${standing}`);
const approvals = { gate: 'approvals', says: '0 of 1 approval.' };

it('shows the whole way of a promotion that is deployed, with the time between its steps', () => {
  const steps = way({
    state: 'deployed',
    ended: true,
    endedAt: at(30),
    timeline: [
      reported,
      { step: 'waiting-for-approval', at: at(1) },
      { step: 'approved', at: at(5), by: 'oidc:ada' },
      { step: 'pull-request', at: at(6) },
      { step: 'merged', at: at(20) },
      { step: 'deployed', at: at(30) },
    ],
  });
  expect(steps.map(({ words, standing, tookMs }) => [words, standing, tookMs])).toEqual([
    ['Reported', 'done', undefined],
    ['Approved', 'done', 5 * minute],
    ['Proposed', 'done', minute],
    ['Merged', 'done', 14 * minute],
    ['Deployed', 'done', 10 * minute],
  ]);
  expect(steps[1]?.by).toBe('oidc:ada');
});

it('has an approval where it comes: before the pull request, or after it', () => {
  expect(brief(way({ gates: [approvals], state: 'waiting-for-approval' }))).toEqual([
    'Reported done',
    'Approval now',
    'Proposal ahead',
    'Merge ahead',
    'Deployment ahead',
  ]);
  const open = [reported, { step: 'pull-request', at: at(2) }];
  expect(brief(way({ gates: [approvals], timeline: open }))).toEqual([
    'Reported done',
    'Proposed done',
    'Approval now',
    'Merge ahead',
    'Deployment ahead',
  ]);
});

it('does not count one of two approvals as the approval', () => {
  const timeline = [reported, { step: 'approved', at: at(5), by: 'oidc:ada' }];
  expect(brief(way({ gates: [approvals], timeline }))).toContain('Approval now');
  expect(brief(way({ timeline }))).toContain('Approved done');
});

it('asks for no approval where none is asked for', () => {
  expect(brief(way({}))).toEqual(['Reported done', 'Proposal now', 'Merge ahead', 'Deployment ahead']);
});

it('waits since the step before', () => {
  expect(way({ timeline: [reported, { step: 'pull-request', at: at(2) }] }).at(2)).toMatchObject({
    words: 'Merge',
    standing: 'now',
    at: at(2),
  });
});

it.each([
  ['rejected', 'Rejected stopped'],
  ['failed', 'Failed failed'],
  ['rolled-back', 'Rolled back failed'],
  ['superseded', 'Superseded stopped'],
  ['unchanged', 'Already in Git done'],
  ['merged', 'Not reported by prod stopped'],
])('a promotion that ended as %s has no further steps', (state, last) => {
  const timeline = [reported, { step: 'pull-request', at: at(2) }];
  const steps = way({ state, ended: true, endedAt: at(9), timeline });
  expect(brief(steps)).toEqual(['Reported done', 'Proposed done', last]);
  expect(steps.at(-1)).toMatchObject({ at: at(9), tookMs: 7 * minute });
});

it('a notification has no merge', () => {
  expect(brief(way({ state: 'notified', timeline: [reported, { step: 'notified', at: at(1) }] }))).toEqual([
    'Reported done',
    'Notified done',
    'Deployment now',
  ]);
});

it('a withdrawal is done when it is withdrawn', () => {
  expect(brief(way({ action: 'withdraw', state: 'withdrawn', ended: true, endedAt: at(1) }))).toEqual([
    'Reported done',
    'Withdrawn done',
  ]);
});

it('shows what was merged outside gates as that', () => {
  const timeline = [reported, { step: 'merged-outside-gates', at: at(3) }];
  expect(brief(way({ state: 'merged-outside-gates', timeline }))).toContain('Merged outside its gates done');
});

it.each([
  ['verified', 'Verified done'],
  ['tests-failed', 'Tests failed failed'],
])('ends with what the tests of the environment said: %s', (step, shown) => {
  const timeline = [
    reported,
    { step: 'pull-request', at: at(1) },
    { step: 'merged', at: at(2) },
    { step: 'deployed', at: at(3) },
    { step, at: at(4) },
  ];
  expect(brief(way({ state: 'deployed', ended: true, endedAt: at(3), timeline })).slice(-2)).toEqual([
    'Deployed done',
    shown,
  ]);
});
