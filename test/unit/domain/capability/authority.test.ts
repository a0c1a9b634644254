import { type GivenApproval } from '../../../../src/domain/approvals/quorum';
import { type Acting, authorityFault } from '../../../../src/domain/capability/authority';
import { type Claim } from '../../../../src/domain/capability/claim';
import { partingFault } from '../../../../src/domain/capability/parting';
import { testsFault } from '../../../../src/domain/capability/tests-fault';
import { type GatePolicies } from '../../../../src/domain/gates/registry';
import { type TestResult } from '../../../../src/domain/lane/lane-state';
import { type PromotionTask } from '../../../../src/domain/promotion/promotion';
import { laneId, promotionId } from '../../../../src/workflows/contract/ids';
import { alice, approvalClaim, capabilitiesWith, reportClaim } from '../../../support/capability';
import { noon, pipelineRef, promotionTask } from '../../../support/events';

const capabilities = capabilitiesWith();
const sign = (claim: Claim): string => capabilities.sign(claim);
const verify = (token: string): Claim | undefined => capabilities.verify(token);
const hour = 3_600_000;
const head = 'a'.repeat(40);
const bare = promotionTask(2);
const { version } = bare;
const ids = {
  lane: laneId(pipelineRef, 'staging'),
  promotion: promotionId(pipelineRef, 'staging', version, bare.event.identity),
};
const signed = (claim: Claim) => ({ capability: sign(claim) });
const reported: PromotionTask = { ...bare, event: { ...bare.event, ...signed(reportClaim(bare.event)) } };

const approvalOf = (claim = approvalClaim(ids.promotion, version, noon)): GivenApproval => ({
  by: claim.actor.name,
  via: claim.actor.via,
  groups: ['ops'],
  at: noon,
  ...signed(claim),
});
const bob = { ...alice, name: 'oidc:bob' };
const ofBob = approvalOf(approvalClaim(ids.promotion, version, noon, { actor: bob }));

const none: GatePolicies = { manual: false };
const one: GatePolicies = { manual: false, approvals: { required: 1 } };

function judge(task: PromotionTask, policies: GatePolicies = none, more: Partial<Acting> = {}): string {
  const fault = authorityFault({ task, ids, policies, now: noon, ...more }, verify);
  return fault === undefined ? 'may act' : `${fault.kind}: ${fault.says}`;
}

describe('a promotion of a report', () => {
  const withReport = (claim: Claim): PromotionTask => ({
    ...bare,
    event: { ...bare.event, ...signed(claim) },
  });
  const claim = reportClaim(bare.event);

  it('may act where the webhook vouches for the report', () => {
    expect(judge(reported)).toBe('may act');
  });

  it.each<readonly [string, PromotionTask]>([
    ['without a token', bare],
    ['for another lane', withReport({ ...claim, lane: laneId(pipelineRef, 'prod') })],
    ['of another version', withReport({ ...claim, version: '1.0.9' })],
    ['of another event', withReport({ ...claim, identity: 'f'.repeat(64) })],
    ['of a fact', withReport({ ...claim, kind: 'fact', fact: 'deployed' })],
    ['of an approval', withReport(approvalClaim(ids.promotion, version, noon))],
    ['of a later event', { ...reported, event: { ...reported.event, at: noon + 1 } }],
    ['of another digest', { ...reported, event: { ...reported.event, ociDigest: 'sha256:0' } }],
  ])('may not act with a report %s', (_what, task) => {
    expect(judge(task)).toMatch(/^unauthorized: Nothing vouches for the report that dev runs 1\.1\.0\.$/);
  });

  it('is of the version that its event reports', () => {
    expect(judge({ ...reported, version: '9.9.9' })).toMatch(/^unauthorized: The promotion is of 9\.9\.9/);
  });

  it('does not care about the order of the fields, which a workflow may change', () => {
    const event = Object.fromEntries(Object.entries(reported.event).reverse()) as PromotionTask['event'];
    expect(judge({ ...reported, event })).toBe('may act');
  });

  it('may withdraw for the same reason, and for no other', () => {
    const withdrawal = { action: 'withdraw', version: '1.2.0' } as const;
    expect(judge({ ...reported, ...withdrawal }, one)).toBe('may act');
    expect(judge({ ...bare, ...withdrawal }, one)).toMatch(/^unauthorized/);
  });
});

describe('a promotion that a person asked for', () => {
  const key = '0'.repeat(32);
  const claim: Claim = { kind: 'rollback', lane: ids.lane, version, key, actor: alice, at: noon };
  const request = { kind: 'rollback', actor: alice, key } as const;
  const withRequest = (given: Claim): PromotionTask => ({
    ...bare,
    request: { ...request, ...signed(given) },
  });

  it('may act with the request alone', () => {
    expect(judge(withRequest(claim))).toBe('may act');
  });

  it.each<readonly [string, PromotionTask]>([
    ['without a token', { ...reported, request }],
    ['with the token of another kind', withRequest({ ...claim, kind: 'promote' })],
    ['with that of another lane', withRequest({ ...claim, lane: laneId(pipelineRef, 'prod') })],
    ['with that of another version', withRequest({ ...claim, version: '1.0.0' })],
    ['with that of another request', withRequest({ ...claim, key: '1'.repeat(32) })],
    ['with that of another person', withRequest({ ...claim, actor: bob })],
    ['with that of another login', withRequest({ ...claim, actor: { ...alice, via: 'kubernetes' } })],
  ])('may not act %s', (_what, task) => {
    expect(judge(task)).toMatch(
      /^unauthorized: Nothing vouches for the request of oidc:alice for 1\.1\.0\.$/,
    );
  });

  it('needs approvals of after it, by someone else', () => {
    const task = { ...withRequest({ ...claim, at: noon + hour }), approvals: [ofBob] };
    expect(judge(task, one)).toMatch(/^unauthorized: Nothing vouches for the approval of oidc:bob/);
    expect(judge({ ...withRequest(claim), approvals: [ofBob] }, one)).toBe('may act');
    expect(judge({ ...withRequest(claim), approvals: [approvalOf()] }, one)).toMatch(/^closed/);
    const otherLogin = { ...bob, name: 'a.smith', via: 'kubernetes' } as const;
    const another = approvalOf(approvalClaim(ids.promotion, version, noon, { actor: otherLogin }));
    expect(judge({ ...withRequest(claim), approvals: [another] }, one)).toMatch(/^closed/);
  });
});

describe('where the gates ask for approvals', () => {
  const approvedWith = (...approvals: GivenApproval[]): PromotionTask => ({ ...reported, approvals });
  const fits = approvalClaim(ids.promotion, version, noon);

  it('may act with those that the API vouches for', () => {
    expect(judge(approvedWith(approvalOf()), one)).toBe('may act');
  });

  it.each<readonly [string, GivenApproval]>([
    ['of another promotion', approvalOf({ ...fits, promotion: `${ids.promotion}0` })],
    ['of another version', approvalOf({ ...fits, version: '1.0.9' })],
    ['that is a rejection', approvalOf({ ...fits, kind: 'reject' })],
    ['with the name of another person', { ...approvalOf(), by: 'oidc:carol' }],
    ['with the way in which another person logged in', { ...approvalOf(), via: 'kubernetes' }],
    ['that no one signed', { ...approvalOf(), capability: 'wl1.a.e30.x' }],
  ])('may not act with a token %s', (_what, approval) => {
    expect(judge(approvedWith(approval), one)).toMatch(
      /^unauthorized: Nothing vouches for the approval of \S+, which this promotion needs \(0 of 1 approval\)\.$/,
    );
  });

  it('is not stopped by one of those that it does not need', () => {
    expect(judge(approvedWith({ ...approvalOf(), by: 'oidc:carol' }, ofBob), one)).toBe('may act');
  });

  it('an approval without a token is none', () => {
    const { capability, ...unsigned } = approvalOf();
    expect(judge(approvedWith(unsigned), one)).toMatch(/^closed: .*0 of 1 approval/);
  });

  it('counts the groups that the API vouches for', () => {
    const admins: GatePolicies = { manual: false, approvals: { required: 1, groups: ['admins'] } };
    expect(judge(approvedWith({ ...approvalOf(), groups: ['admins'] }), admins)).toMatch(/^closed/);
  });

  it('counts from when it was signed: its expiry cannot be put off', () => {
    const short: GatePolicies = { manual: false, approvals: { required: 1, expiresAfterMs: hour } };
    const later = { now: noon + 2 * hour };
    expect(judge(approvedWith({ ...approvalOf(), at: later.now }), short, later)).toMatch(/^closed/);
  });

  it("waits for what today's Pipeline and the operator's policy ask for", () => {
    const two: GatePolicies = { manual: false, approvals: { required: 2 }, rule: 'two-people' };
    const task = approvedWith(approvalOf());
    expect(judge(task, { ...one, minimums: [two] })).toMatch(/^closed: .*1 of 2 approvals/);
    expect(judge(approvedWith(approvalOf(), ofBob), { ...one, minimums: [two] })).toBe('may act');
  });

  it('one that moves to before the merge is asked for there', () => {
    const late: GatePolicies = { ...one, stage: 'merge' };
    expect(judge(reported, late)).toBe('may act');
    const proposed = sign({ kind: 'proposed', promotion: ids.promotion, version, head, at: noon });
    expect(judge(reported, late, { merge: { head, proposed } })).toMatch(/^closed/);
  });
});

describe('a merge', () => {
  const proposed = (of: string, earlier?: readonly string[]): string =>
    sign({
      kind: 'proposed',
      promotion: ids.promotion,
      version,
      head: of,
      at: noon,
      ...(earlier === undefined ? {} : { earlier }),
    });
  const approvedAt = (of?: string): PromotionTask => ({
    ...reported,
    approvals: [
      {
        ...approvalOf(approvalClaim(ids.promotion, version, noon, of === undefined ? {} : { head: of })),
        head,
      },
    ],
  });
  const other = 'b'.repeat(40);

  it('is of a commit that a worker made for this promotion', () => {
    expect(judge(approvedAt(), one, { merge: { head, proposed: proposed(head) } })).toBe('may act');
    expect(judge(approvedAt(), one, { merge: { head } })).toMatch(
      /^unauthorized: Nothing vouches for the commit/,
    );
    expect(judge(approvedAt(), one, { merge: { head, proposed: proposed(other) } })).toMatch(/^unauthorized/);
  });

  it('needs the approval of that commit, or of one that it replaces', () => {
    const at = (approved: string, earlier?: readonly string[]) =>
      judge(approvedAt(approved), one, { merge: { head, proposed: proposed(head, earlier) } });
    expect(at(head)).toBe('may act');
    expect(at(other, [other])).toBe('may act');
    expect(at(other)).toMatch(/^closed/);
  });

  it('a commit that is made again needs nothing more', () => {
    expect(judge({ ...reported, proposed: proposed(head) }, one)).toBe('may act');
    expect(judge({ ...bare, proposed: proposed(head) }, one)).toMatch(/^unauthorized/);
    const elsewhere = sign({ kind: 'proposed', promotion: 'promotion/x', version, head, at: noon });
    expect(judge({ ...reported, proposed: elsewhere }, one)).toMatch(/^closed/);
  });
});

describe('what is only shown', () => {
  const other = 'b'.repeat(40);
  const proposed = sign({ kind: 'proposed', promotion: ids.promotion, version, head, at: noon });
  const shown = (approvals: readonly GivenApproval[], of: string) =>
    judge({ ...reported, approvals }, one, { merge: { head: of, proposed, isShown: true } });
  const ofHead = (named?: string): GivenApproval => ({
    ...approvalOf(approvalClaim(ids.promotion, version, noon, named === undefined ? {} : { head: named })),
    head: named ?? other,
  });

  it('may have commits of others, if the API vouches for approvals of exactly these', () => {
    expect(shown([ofHead(other)], other)).toBe('may act');
    expect(shown([ofHead()], other)).toMatch(/^closed/);
    expect(shown([ofHead()], head)).toBe('may act');
    expect(shown([{ ...ofHead(other), capability: 'x' }], other)).toMatch(/^unauthorized/);
  });

  it('is a pull request that a worker made for this promotion', () => {
    const task = { ...reported, approvals: [ofHead(other)] };
    expect(judge(task, one, { merge: { head: other, isShown: true } })).toMatch(
      /^unauthorized: Nothing vouches for the commit/,
    );
  });
});

it('a withdrawal merges nothing', () => {
  const proposed = sign({ kind: 'proposed', promotion: ids.promotion, version, head, at: noon });
  const merge = { head, proposed };
  expect(judge({ ...reported, action: 'withdraw' }, none, { merge })).toMatch(/^unauthorized/);
  expect(judge({ ...reported, action: 'withdraw' }, none, { merge: { ...merge, isShown: true } })).toMatch(
    /^unauthorized/,
  );
});

describe('a promotion that parts from its pull request', () => {
  const fits = approvalClaim(ids.promotion, version, noon, { kind: 'reject' });
  const rejectedWith = (claim: Claim) =>
    partingFault(reported, ids, { by: 'oidc:alice', via: 'oidc', ...signed(claim) }, verify);

  it('has an origin that the API vouches for', () => {
    expect(partingFault(reported, ids, undefined, verify)).toBeUndefined();
    expect(partingFault(bare, ids, undefined, verify)).toMatch(/^Nothing vouches for the report/);
  });

  it('was rejected by a person that the API vouches for', () => {
    expect(rejectedWith(fits)).toBeUndefined();
  });

  it.each<readonly [string, Claim]>([
    ['an approval', { ...fits, kind: 'approve' }],
    ['another promotion', { ...fits, promotion: 'promotion/x' }],
    ['another version', { ...fits, version: '1.0.0' }],
    ['another person', { ...fits, actor: bob }],
  ])('was not rejected with the token of %s', (_what, claim) => {
    expect(rejectedWith(claim)).toBe('Nothing vouches for the rejection by oidc:alice.');
  });

  it('was not rejected without a token', () => {
    expect(partingFault(reported, ids, { by: 'alice' }, verify)).toMatch(/rejection by alice/);
    expect(partingFault(reported, ids, { by: 'alice', capability: 'x' }, verify)).toMatch(/rejection/);
  });
});

describe('manual: true', () => {
  const manual: GatePolicies = { manual: true };

  it('needs an approval that the API vouches for', () => {
    expect(judge({ ...reported, approved: true, manualApproval: approvalOf() }, manual)).toBe('may act');
    expect(judge({ ...reported, approved: true }, manual)).toBe(
      'unauthorized: Nothing vouches for the approval of this promotion.',
    );
    expect(judge({ ...reported, manualApproval: approvalOf() }, manual)).toMatch(/^closed/);
  });

  it('takes the signature of the hop, which counts for gates.approvals as no one', () => {
    const actor = { name: 'signature:apps/shop/staging', via: 'signature' } as const;
    const bySignature = approvalOf(approvalClaim(ids.promotion, version, noon, { actor }));
    expect(judge({ ...reported, approved: true, manualApproval: bySignature }, manual)).toBe('may act');
    expect(judge({ ...reported, approvals: [bySignature] }, one)).toMatch(/^closed/);
  });
});

describe('gates that a person opened', () => {
  const claim: Claim = {
    kind: 'override',
    promotion: ids.promotion,
    version,
    gates: ['approvals', 'freeze'],
    actor: alice,
    at: noon,
  };
  const opened = (of: Claim, gates = ['approvals']): PromotionTask => ({
    ...reported,
    overridden: [{ gates, by: 'oidc:alice', via: 'oidc', reason: 'Fix', at: noon, ...signed(of) }],
  });

  it('are open where the API vouches for it', () => {
    expect(judge(opened(claim), one)).toBe('may act');
  });

  it.each<readonly [string, PromotionTask]>([
    ['other gates', opened(claim, ['windows'])],
    ['another promotion', opened({ ...claim, promotion: 'promotion/x' })],
    ['another version', opened({ ...claim, version: '1.0.0' })],
    ['another person', opened({ ...claim, actor: bob })],
    ['an approval', opened(approvalClaim(ids.promotion, version, noon))],
  ])('are not with the token of %s', (_what, task) => {
    expect(judge(task, one)).toBe(
      'unauthorized: Nothing vouches for the gates that oidc:alice opened for this promotion.',
    );
  });
});

describe('promoteOn: tested', () => {
  const tested: GatePolicies = { manual: false, promoteOn: 'tested' };
  const claim: Claim = {
    kind: 'fact',
    fact: 'tests-passed',
    lane: ids.lane,
    version,
    identity: '0'.repeat(64),
    at: noon,
  };
  const result = (of?: Claim, passed = true): TestResult => ({
    version,
    reporter: 'uid-a',
    at: noon,
    passed,
    ...(of === undefined ? {} : signed(of)),
  });
  const faultOf = (results: readonly TestResult[], policies = tested, task = reported, isMerge = false) =>
    testsFault({ task, lane: ids.lane, policies, isMerge }, results, verify);
  const missing = 'Nothing vouches for the Helm tests of 1.1.0 in dev.';

  it('needs a test that passed and that the webhook vouches for', () => {
    expect(faultOf([result(), result(claim)])).toBeUndefined();
    expect(faultOf([])).toBe(missing);
  });

  it.each<readonly [string, TestResult]>([
    ['without a token', result()],
    ['of another lane', result({ ...claim, lane: laneId(pipelineRef, 'prod') })],
    ['of another version', result({ ...claim, version: '1.0.9' })],
    ['that failed', result({ ...claim, fact: 'tests-failed' })],
    ['with the token of a report', result(reportClaim(bare.event))],
  ])('takes no test %s', (_what, given) => {
    expect(faultOf([given])).toBe(missing);
  });

  it('is not asked where no gate asks for it, someone opened it, or it stands before the merge', () => {
    expect(faultOf([], none)).toBeUndefined();
    const opened = { ...reported, overridden: [{ gates: ['tests'], by: 'x', reason: 'Fix', at: noon }] };
    expect(faultOf([], tested, opened)).toBeUndefined();
    expect(faultOf([], { ...tested, stage: 'merge' })).toBeUndefined();
    expect(faultOf([], { ...tested, stage: 'merge' }, reported, true)).toBe(missing);
    expect(faultOf([], { ...none, minimums: [tested] })).toBe(missing);
  });
});
