import { type ApprovalSettings } from '../../../../src/domain/approvals/approval-settings';
import { type Decision } from '../../../../src/domain/approvals/decision';
import { approvalFault, decisionFault } from '../../../../src/domain/approvals/decision-faults';
import {
  type GivenApproval,
  boundTo,
  nextExpiry,
  quorumOf,
  quorumUntil,
  withApproval,
} from '../../../../src/domain/approvals/quorum';
import { noon } from '../../../support/events';

const hour = 3_600_000;
const approved = (by: string, at = noon, groups?: string[]): GivenApproval => ({
  by,
  at,
  ...(groups === undefined ? {} : { groups }),
});
const decision = (by: string, ...groups: string[]): Decision => ({ version: '1.4.0', by, groups });

it.each<readonly [ApprovalSettings, readonly GivenApproval[], readonly string[], number]>([
  [{ required: 1 }, [], [], 1],
  [{ required: 1 }, [approved('alice')], ['alice'], 0],
  [{ required: 2 }, [approved('alice')], ['alice'], 1],
  [{ required: 2 }, [approved('alice'), approved('bob')], ['alice', 'bob'], 0],
  [{ required: 1 }, [approved('alice'), approved('bob')], ['alice', 'bob'], 0],
  // The Pipeline names others now.
  [{ required: 2, users: ['bob'] }, [approved('alice'), approved('bob')], ['bob'], 1],
  [{ required: 1, users: ['Alice'] }, [approved('alice')], [], 1],
  [{ required: 1, groups: ['ops'] }, [approved('alice')], [], 1],
  [{ required: 1, groups: ['ops'] }, [approved('alice', noon, ['ops'])], ['alice'], 0],
  [
    { required: 2, groups: ['ops'], users: ['bob'] },
    [approved('alice', noon, ['ops']), approved('bob')],
    ['alice', 'bob'],
    0,
  ],
  [{ required: 1, expiresAfterMs: hour }, [approved('alice', noon - hour + 1)], ['alice'], 0],
  [{ required: 1, expiresAfterMs: hour }, [approved('alice', noon - hour)], [], 1],
])('with %j, of %j there count %j, and %d are missing', (settings, approvals, people, missing) => {
  const quorum = quorumOf(approvals, settings, noon);
  expect(quorum.counting.map(({ by }) => by)).toEqual(people);
  expect(quorum.missing).toBe(missing);
});

it('ends when too few are left, and changes when the first expires', () => {
  const settings = { required: 2, expiresAfterMs: 3 * hour };
  const approvals = [
    approved('alice', noon),
    approved('bob', noon - hour),
    approved('carol', noon - 2 * hour),
  ];
  const quorum = quorumOf(approvals, settings, noon);
  expect(quorumUntil(quorum, settings)).toBe(noon + 2 * hour);
  expect(nextExpiry(quorum, settings)).toBe(noon + hour);
  expect(quorumUntil(quorum, { required: 2 })).toBeUndefined();
  expect(nextExpiry(quorum, { required: 2 })).toBeUndefined();
  expect(nextExpiry({ counting: [], apart: [], missing: 2 }, settings)).toBeUndefined();
});

it('takes an approval of each person once, and again after it has expired or did not count', () => {
  const settings: ApprovalSettings = { required: 2, groups: ['ops'], expiresAfterMs: hour };
  const first = withApproval([], decision('alice', 'dev', 'ops'), [settings], noon);
  expect(first).toEqual([approved('alice', noon, ['ops'])]);
  expect(withApproval(first, decision('alice', 'ops'), [settings], noon + 1)).toBe(first);
  expect(withApproval(first, decision('alice', 'ops'), [settings], noon + hour)).toEqual([
    approved('alice', noon + hour, ['ops']),
  ]);
  const widened = { ...settings, groups: ['dev'] };
  expect(withApproval(first, decision('alice', 'dev'), [widened], noon + 1)).toEqual([
    approved('alice', noon + 1, ['dev']),
  ]);
});

it.each<readonly [ApprovalSettings | undefined, Decision, string | undefined]>([
  [{ required: 1 }, decision('alice'), undefined],
  [undefined, decision('alice'), 'This promotion does not wait for approvals.'],
  [
    { required: 1 },
    { ...decision('alice'), version: '1.3.0' },
    'This promotion waits for approvals of 1.4.0, not of 1.3.0.',
  ],
  [
    { required: 1, users: ['bob'] },
    decision('alice', 'bob'),
    'alice is not one of the users in gates.approvals of the Pipeline.',
  ],
  [
    { required: 1, groups: ['ops'] },
    decision('alice', 'dev'),
    'alice is not in one of the groups in gates.approvals of the Pipeline.',
  ],
  [
    { required: 1, users: ['bob'], groups: ['ops'] },
    decision('alice'),
    'alice is neither one of the users nor in one of the groups in gates.approvals of the Pipeline.',
  ],
  [{ required: 1, users: ['bob'], groups: ['ops'] }, decision('alice', 'ops'), undefined],
])('with %j, of %j it says: %s', (settings, given, fault) => {
  const asked = settings === undefined ? [] : [settings];
  expect(decisionFault(given, { version: '1.4.0', settings: asked, approvals: [] })).toBe(fault);
});

it('refuses an approval that is one too many, but not the same one again', () => {
  const decidable = { version: '1.4.0', settings: [{ required: 1 }], approvals: [approved('alice')] };
  expect(approvalFault(decision('alice'), decidable, noon)).toBeUndefined();
  expect(approvalFault(decision('bob'), decidable, noon)).toBe(
    'This promotion has the approvals that it needs, of alice.',
  );
});

it('of two quorums, each needs its own people, and a person helps both at once', () => {
  const settings: ApprovalSettings[] = [{ required: 2 }, { required: 1, groups: ['ops'] }];
  const decidable = { version: '1.4.0', settings, approvals: [approved('alice'), approved('bob')] };
  expect(approvalFault(decision('carol', 'ops'), decidable, noon)).toBeUndefined();
  expect(approvalFault(decision('carol'), decidable, noon)).toBe(
    'This promotion has the approvals that it needs, of alice, bob.',
  );
  const again = withApproval(decidable.approvals, decision('alice', 'ops'), settings, noon + 1);
  expect(again.map(({ by, groups }) => [by, groups])).toEqual([
    ['bob', undefined],
    ['alice', ['ops']],
  ]);
});

it('refuses the approval of the person who asked for the promotion, unless the Pipeline allows it', () => {
  const decidable = { version: '1.4.0', approvals: [], requesters: ['alice'] };
  expect(approvalFault(decision('alice'), { ...decidable, settings: [{ required: 1 }] }, noon)).toBe(
    'alice asked for this promotion or wrote a commit of it, so someone else must approve it.',
  );
  const allowing: ApprovalSettings = { required: 1, allowRequesters: true };
  expect(approvalFault(decision('alice'), { ...decidable, settings: [allowing] }, noon)).toBeUndefined();
});

it('knows the author of a commit by the name without the prefix of the authenticator', () => {
  const decidable = { version: '1.4.0', approvals: [], requesters: ['alice'], settings: [{ required: 1 }] };
  const of = (by: string): Decision => ({ ...decision(by), via: 'oidc' });
  expect(approvalFault(of('oidc:alice'), decidable, noon)).toBe(
    'oidc:alice asked for this promotion or wrote a commit of it, so someone else must approve it.',
  );
  expect(approvalFault(of('oidc:malice'), decidable, noon)).toBeUndefined();
  const given: GivenApproval = { by: 'oidc:alice', via: 'oidc', at: noon };
  expect(quorumOf([given], { required: 1 }, noon, decidable).missing).toBe(1);
});

it('an approval through another authenticator than the request does not count, unless requesters may approve', () => {
  const asked = { requesters: ['alice'], requestedVia: ['kubernetes'] } as const;
  const decidable = { version: '1.4.0', approvals: [], ...asked };
  const other: Decision = { ...decision('oidc:a.smith'), via: 'oidc' };
  const settings: ApprovalSettings = { required: 1 };
  const fault = (given: Decision, each = settings): string | undefined =>
    approvalFault(given, { ...decidable, settings: [each] }, noon);
  expect(fault(other)).toBe(
    'This promotion was asked for through kubernetes, and one person can log in in several ways, so an approval through oidc does not count.',
  );
  expect(fault(decision('bob'))).toMatch(/so an approval without Windlass's API does not count\.$/);
  expect(fault({ ...decision('bob'), via: 'kubernetes' })).toBeUndefined();
  expect(fault(other, { ...settings, allowRequesters: true })).toBeUndefined();
  const given: GivenApproval = { by: 'oidc:a.smith', via: 'oidc', at: noon };
  expect(quorumOf([given], settings, noon, asked).missing).toBe(1);
  expect(quorumOf([{ ...given, via: 'kubernetes' }], settings, noon, asked).missing).toBe(0);
});

it('approvals from before the pull request are for the commit that Windlass made', () => {
  const bound = boundTo([approved('alice')], 'aaa');
  expect(quorumOf(bound, { required: 1 }, noon, { head: 'aaa' }).missing).toBe(0);
  expect(quorumOf(bound, { required: 1 }, noon, { head: 'bbb' }).missing).toBe(1);
});

it('does not add approvals through different authenticators: one person can log in in several ways', () => {
  const settings: ApprovalSettings = { required: 2 };
  const through = (by: string, via: GivenApproval['via']): GivenApproval => ({
    ...approved(by, noon),
    ...(via === undefined ? {} : { via }),
  });
  const mixed = [through('oidc:alice', 'oidc'), through('alice', 'kubernetes')];
  expect(quorumOf(mixed, settings, noon)).toMatchObject({
    counting: [{ by: 'oidc:alice' }],
    apart: [{ by: 'alice' }],
    missing: 1,
  });
  expect(quorumOf([...mixed, through('bob', 'kubernetes')], settings, noon)).toMatchObject({
    counting: [{ by: 'alice' }, { by: 'bob' }],
    missing: 0,
  });
  expect(quorumOf([through('signature:apps/shop/prod', 'signature')], settings, noon).counting).toEqual([]);
});
