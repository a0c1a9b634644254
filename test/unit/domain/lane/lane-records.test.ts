/** What a lane records of what it hears. */
import { type AuditRecord } from '../../../../src/domain/record/audit-record';
import { type PromotionEnd } from '../../../../src/domain/promotion/promotion';
import { alice, keyNumber, openActingLane, pullRequest } from '../../../support/acting-lane';
import { noon } from '../../../support/events';

type Lane = ReturnType<typeof openActingLane>;

/** Oldest first: `proposed 1.1.0`, with who where that is known. */
const recorded = ({ state }: Lane): readonly string[] =>
  (state.records ?? [])
    .toReversed()
    .map(({ kind, version, by }) => [kind, version, by].filter(Boolean).join(' '));
const lane = (): Lane => {
  const open = openActingLane();
  open.report('1.1.0');
  return open;
};
const failed = { state: 'failed', code: 'no-marker', message: 'No marker.' } as const;

it('a promotion is recorded from its proposal to its deployment, with who merged it', () => {
  const open = lane();
  open.proposed();
  // The lane continues as new: it is told again.
  open.proposed();
  open.merged({ by: 'bob' });
  open.runs('1.1.0');
  open.ended({ state: 'deployed', by: 'bob' }, open.state.settling?.task);
  expect(recorded(open)).toEqual(['proposed 1.1.0', 'merged 1.1.0 bob', 'deployed 1.1.0 bob']);
  expect(open.state.records?.[2]).toMatchObject({ detail: pullRequest.url });
});

it('a deployment is recorded with when its version was reported, unless only a person asked for it', () => {
  const open = lane();
  const { inHand } = open.state;
  open.proposed();
  open.merged();
  open.ended({ state: 'deployed' }, open.state.settling?.task);
  expect(open.state.records?.[0]).toMatchObject({ kind: 'deployed', reportedAt: inHand?.event.at });
  open.act('promote', '1.2.0');
  open.proposed();
  open.merged();
  open.ended({ state: 'deployed' }, open.state.settling?.task);
  expect(open.state.records?.[0]).toMatchObject({ kind: 'deployed', version: '1.2.0' });
  expect(open.state.records?.[0]).not.toHaveProperty('reportedAt');
});

it('a merge is recorded once, also if the environment never reports it', () => {
  const open = lane();
  open.proposed();
  open.merged();
  open.ended({ state: 'merged', ...pullRequest, by: 'bob' }, open.state.settling?.task);
  expect(recorded(open)).toEqual(['proposed 1.1.0', 'merged 1.1.0']);
});

it('a merge outside of the gates says which were closed', () => {
  const open = lane();
  open.proposed();
  open.merged({ by: 'bob', outsideGates: ['1 of 2 approvals', 'frozen'] });
  expect(open.state.records?.[0]).toMatchObject({
    kind: 'merged-outside-gates',
    by: 'bob',
    detail: '1 of 2 approvals, frozen',
  });
});

it.each<[PromotionEnd, string, string | undefined]>([
  [failed, 'failed 1.1.0', 'No marker.'],
  [{ ...failed, code: 'quarantined' }, 'quarantined 1.1.0', 'No marker.'],
  [{ state: 'closed', ...pullRequest, by: 'bob' }, 'closed 1.1.0 bob', pullRequest.url],
  [{ state: 'rejected', by: 'bob', comment: 'Too early.' }, 'rejected 1.1.0 bob', 'Too early.'],
  [{ state: 'superseded', by: '1.2.0' }, 'superseded 1.1.0', 'by 1.2.0'],
  [{ state: 'expired', afterMs: 5 }, 'expired 1.1.0', undefined],
  [{ state: 'ignored', reason: 'The hop is gone.' }, 'ignored 1.1.0', 'The hop is gone.'],
  [{ state: 'unchanged' }, 'unchanged 1.1.0', undefined],
  [{ state: 'cancelled' }, 'cancelled 1.1.0', undefined],
])('an end is recorded: %j', (end, line, detail) => {
  const open = lane();
  open.ended(end);
  expect(recorded(open)).toEqual([line]);
  expect(open.state.records?.[0]?.detail).toBe(detail);
});

it('a promotion that only yields ends nothing', () => {
  const open = lane();
  open.ended({ state: 'yielded', approved: false });
  expect(recorded(open)).toEqual([]);
});

it('what people decided on a promotion is recorded as it tells it, and its rejection once', () => {
  const open = lane();
  const told = (kind: 'approved' | 'rejected', by: string): AuditRecord => ({
    kind,
    at: noon + 5_000,
    version: '1.1.0',
    by,
    via: 'oidc',
  });
  const of = { action: 'promote', version: '1.1.0', identity: open.state.inHand!.event.identity } as const;
  const records = [told('approved', 'oidc:alice'), told('rejected', 'oidc:bob')];
  open.put({ type: 'news', of, news: { stage: 'decided', records, at: noon } });
  open.ended({ state: 'rejected', by: 'oidc:bob' });
  expect(recorded(open)).toEqual(['approved 1.1.0 oidc:alice', 'rejected 1.1.0 oidc:bob']);
});

it('an act is recorded with who, how they were authenticated, from where, why, and its key', () => {
  const open = lane();
  open.act('cancel', '1.1.0', { key: keyNumber(7), at: noon + 9 });
  expect(open.state.records).toEqual([
    {
      kind: 'cancel-requested',
      at: noon + 9,
      version: '1.1.0',
      by: 'oidc:alice',
      groups: ['ops'],
      via: 'oidc',
      from: '192.0.2.7',
      detail: 'It is slow.',
      key: keyNumber(7),
    },
  ]);
});

it('an act that is refused is not recorded', () => {
  const open = lane();
  open.act('cancel', '9.9.9');
  expect(recorded(open)).toEqual([]);
});

it("what Temporal's CLI asks for is recorded without anything that vouches for the name", () => {
  const open = lane();
  open.ended({ state: 'closed', ...pullRequest });
  open.put({ type: 'promote', version: '1.1.0', by: 'jo', at: noon + 9 });
  open.ended(failed);
  open.put({ type: 'retry', at: noon + 10 });
  open.put({ type: 'retry', at: noon + 11 });
  expect(recorded(open)).toEqual([
    'closed 1.1.0',
    'promote-requested 1.1.0 jo',
    'failed 1.1.0',
    'retry-requested 1.1.0',
  ]);
});

it('what was decided elsewhere is recorded', () => {
  const open = lane();
  open.put({ type: 'records', records: [{ kind: 'suspended', at: noon, by: 'oidc:alice' }] });
  expect(recorded(open)).toEqual(['suspended oidc:alice']);
});

it('an environment that goes back is recorded, once for a promotion', () => {
  const open = lane();
  open.deploy('1.1.0');
  open.runs('1.0.0');
  const other = openActingLane();
  other.runs('1.1.0');
  other.runs('1.0.0');
  expect(recorded(open).slice(-1)).toEqual(['rolled-back 1.1.0']);
  expect(open.state.records?.[0]?.detail).toBe('to 1.0.0');
  expect(recorded(other)).toEqual(['rolled-back 1.1.0']);
});

it('groups and texts of any length leave room for other records', () => {
  const open = lane();
  const groups = Array.from({ length: 200 }, (_, n) => `group-${n}`);
  open.act('cancel', '1.1.0', { actor: { ...alice, groups }, reason: 'x'.repeat(1_000) });
  expect(JSON.stringify(open.state.records?.[0]).length).toBeLessThan(1_200);
});

it('the largest state that a lane can have is far below what Temporal takes', () => {
  const open = openActingLane();
  const capability = 't'.repeat(700);
  const version = (n: number): string => `1.${n}.0-${'x'.repeat(100)}`;
  for (let n = 1; n <= 100; n += 1) {
    for (const reporter of ['a', 'b', 'c']) {
      const identity = `${n}${reporter}`.padEnd(64, '0');
      open.report(version(n), { supersede: 'queue', capability, reporter: `${reporter}-${n}`, identity });
      open.runs(version(n), { reporter: `${reporter}-${n}`, identity: `fact ${identity}` });
    }
    open.act('promote', `0.${n}.0`, { source: 'dev', reason: 'x'.repeat(1_000), capability });
    if (n % 3 === 0) open.ended({ state: 'closed', ...pullRequest, by: 'bob' });
  }
  const bytes = JSON.stringify(open.state).length;
  expect(open.state.queue).toHaveLength(20);
  expect(bytes).toBeGreaterThan(100_000);
  // A payload can have 2 MiB.
  expect(bytes).toBeLessThan(400_000);
});
