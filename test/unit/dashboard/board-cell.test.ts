import { cellOf, type Note, urgencyOf } from '../../../dashboard/src/board/cell';
import { type components } from '../../../dashboard/src/api/schema';
import { environmentStatus } from '../../../dashboard/src/pipeline/environment-status';
import { promotionStates, type ShownState } from '../../../src/domain/promotion/states';

type Environment = components['schemas']['Environment'];

const at = '2026-11-28T09:00:00.000Z';

const target = (version: string, object: string, since = at) => ({ version, object, since });

const prod = (fields: Partial<Environment> = {}): Environment => ({
  name: 'prod',
  running: [target('1.3.0', 'prod/shop')],
  sentence: 'prod: nothing waits',
  queued: [],
  held: [],
  ...fields,
});

const acting = (
  state: ShownState | undefined,
  fields: Partial<NonNullable<Environment['acting']>> = {},
): NonNullable<Environment['acting']> => ({
  version: '1.4.1',
  action: 'promote',
  promotion: 'promotion/apps/shop/prod/1.4.1/0a',
  from: 'staging',
  since: at,
  ...(state === undefined ? {} : { state }),
  ...fields,
});

const pullRequest = { url: 'https://git.example.com/pull/7', number: 7, since: '2026-11-28T10:00:00.000Z' };

const notesOf = (fields: Partial<Environment>): readonly Note[] => cellOf(prod(fields)).notes;

const said = (fields: Partial<Environment>): string[] =>
  notesOf(fields).map(({ version = '', says, detail }) =>
    [version, says, detail].filter(Boolean).join(' | '),
  );

it('says what all targets run, since the last of them runs it', () => {
  const running = [target('1.3.0', 'a/shop', '2026-11-28T08:00:00.000Z'), target('1.3.0', 'b/shop')];
  expect(cellOf(prod({ running })).running).toEqual({
    kind: 'same',
    version: '1.3.0',
    since: at,
    targets: 2,
  });
  expect(cellOf(prod({ running: [] })).running).toEqual({ kind: 'unknown' });
});

it('counts the targets of each version where they differ, the most first', () => {
  const running = [target('1.4.1', 'a/shop'), target('1.3.0', 'b/shop'), target('1.3.0', 'c/shop')];
  expect(cellOf(prod({ running })).running).toEqual({
    kind: 'differing',
    versions: [
      { version: '1.3.0', targets: 2 },
      { version: '1.4.1', targets: 1 },
    ],
  });
});

it('has words of its own for every state that a promotion can wait or work in', () => {
  const names = Object.keys(promotionStates) as (keyof typeof promotionStates)[];
  const open = names.filter(
    (name): name is ShownState => promotionStates[name].shown && !promotionStates[name].ended,
  );
  const words = open.map((state) => said({ acting: acting(state) })[0]);
  expect(new Set(words).size).toBe(open.length);
  // The words for a state that is not known are its name.
  expect(words).not.toContain('1.4.1 | Pull request');
});

it.each(['waiting-for-approval', 'pull-request', 'frozen', 'retrying', 'merged', undefined] as const)(
  'calls the state %s as the page of the Pipeline does',
  (state) => {
    const page = environmentStatus({ ...prod(), acting: acting(state), freezes: [], suspended: false });
    const [note] = notesOf({ acting: acting(state) });
    expect({ tone: note?.tone, words: note?.says }).toEqual({ tone: page.tone, words: page.words });
  },
);

it('leaves out what the column says already', () => {
  const waits = 'prod waits for 1.4.1: 1 of 2 approvals, window opens Mon 09:00 CET';
  expect(said({ acting: acting('waiting-for-approval', { waits }) })).toEqual([
    '1.4.1 | Needs approval | 1 of 2 approvals, window opens Mon 09:00 CET',
  ]);
  expect(said({ acting: acting('retrying', { waits: 'the network is down' }) })).toEqual([
    '1.4.1 | Retrying | the network is down',
  ]);
});

it('shows the pull request and its age', () => {
  const [note] = notesOf({ acting: acting('pull-request', { pullRequest }) });
  expect(note).toMatchObject({
    says: 'To be merged',
    pullRequest: { url: pullRequest.url, number: 7 },
    since: pullRequest.since,
    needsPerson: true,
  });
  expect(said({ acting: acting(undefined, { pullRequest }) })).toEqual(['1.4.1 | To be merged']);
  expect(said({ acting: acting(undefined) })).toEqual(['1.4.1 | In progress']);
  expect(said({ acting: acting('promoting', { action: 'withdraw' }) })).toEqual(['1.4.1 | Being withdrawn']);
});

it('shows what failed, is queued, held or not running yet, what needs a person first', () => {
  expect(
    said({
      settling: { version: '1.4.0', promotion: 'promotion/x', stage: 'merged', since: at },
      failed: { version: '1.4.1', code: 'branch-protected' },
      queued: ['1.4.2', '1.4.3'],
      held: [
        { version: '1.2.9', because: 'rejected', by: 'oidc:bob', since: at },
        { version: '1.2.8', because: 'closed', since: at },
      ],
    }),
  ).toEqual([
    '1.4.1 | Failed: branch-protected',
    '1.4.0 | Merged, not running yet',
    '1.4.2 | Queued, and 1 more',
    '1.2.9 | Held back, and 1 more | rejected by oidc:bob',
  ]);
});

it('shows how the last promotion ended only where someone should know, and nothing came after it', () => {
  const last = { version: '1.4.1', state: 'rolled-back', at };
  expect(said({ last })).toEqual(['1.4.1 | Rolled back']);
  expect(said({ last: { ...last, state: 'deployed' } })).toEqual([]);
  expect(said({ last, running: [target('1.4.1', 'prod/shop')] })).toEqual([]);
  expect(said({ last, acting: acting('promoting') })).toEqual(['1.4.1 | In progress']);
});

it.each([
  ['nothing', prod(), undefined],
  ['time alone', prod({ acting: acting('waiting-for-soak') }), undefined],
  ['an approval', prod({ acting: acting('waiting-for-approval') }), 'wait'],
  ['a failure', prod({ failed: { version: '1.4.1' } }), 'bad'],
])('marks a row that waits for %s', (_what, environment, expected) => {
  expect(urgencyOf({ valid: true, environments: [prod(), environment] })).toBe(expected);
});

it('marks an invalid Pipeline', () => {
  expect(urgencyOf({ valid: false, environments: [] })).toBe('bad');
});
