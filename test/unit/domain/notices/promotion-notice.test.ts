import { closedGates } from '../../../../src/domain/gates/evaluate';
import { type GateFacts } from '../../../../src/domain/gates/gate';
import { type GatePolicies } from '../../../../src/domain/gates/registry';
import {
  approvalFact,
  isTold,
  laterEndNotice,
  standingFact,
} from '../../../../src/domain/notices/promotion-notice';
import { type PromotionStanding } from '../../../../src/domain/promotion/sentences';
import { noon, pipelineRef, promotionTask } from '../../../support/events';

const task = promotionTask(1, { followed: true });
const first = 'a'.repeat(40);
const second = 'b'.repeat(40);
const url = 'https://git.example/pull/7';
const place = { pipeline: 'apps/shop', environment: 'staging', fromEnvironment: 'dev', version: '1.1.0' };

const two: GatePolicies = {
  manual: false,
  vouched: true,
  approvals: {
    required: 2,
    users: ['alice', 'bob'],
    groups: ['release-managers'],
    expiresAfterMs: 3_600_000,
  },
};
const approvedBy = (by: string, at = noon, head = first) => ({ by, at, head });

function asked(policies: GatePolicies, facts: Partial<GateFacts> = {}) {
  const all = { task, workflowId: 'w', approved: false, approvals: [], now: noon, ...facts };
  return approvalFact(
    task,
    closedGates(all, policies, 'merge'),
    { facts: all, policies },
    { url, previous: '1.0.0' },
  );
}

function told(standing: PromotionStanding) {
  if (!isTold(standing)) throw new Error(`There is no notice for ${standing.state}.`);
  return standingFact(task, standing, noon, '1.0.0');
}

describe('an approval that is needed', () => {
  it('says who must act, on what, and by which command', () => {
    expect(asked(two)).toEqual({
      key: 'approval-needed',
      notice: {
        kind: 'approval-needed',
        ...pipelineRef,
        message: `Approval needed: apps/shop: staging waits for 1.1.0: 0 of 2 approvals. Pull request ${url} is open. To approve, use windlass approve apps/shop staging 1.1.0.`,
        fields: {
          ...place,
          previousVersion: '1.0.0',
          pullRequest: url,
          approvers: '2 of group release-managers, alice, bob',
          command: 'windlass approve apps/shop staging 1.1.0',
        },
        at: noon,
      },
    });
  });

  it('has a command that a shell takes as it is meant, whatever the environment is called', () => {
    const hostile = { ...task, to: "x;$(id) 'y" };
    const word = `'x;$(id) '\\''y'`;
    const facts = { task: hostile, workflowId: 'w', approved: false, approvals: [], now: noon };
    const fact = approvalFact(hostile, closedGates(facts, two, 'merge'), { facts, policies: two });
    expect(fact?.notice.fields.command).toBe(`windlass approve apps/shop ${word} 1.1.0`);
    expect(fact?.notice.message).toContain(`use windlass approve apps/shop ${word} 1.1.0.`);
    const closed = [
      ...closedGates(facts, two, 'merge'),
      ...closedGates(facts, { ...two, manual: true }, 'merge'),
    ];
    for (const { next } of closed) expect(JSON.stringify(next)).toContain(JSON.stringify(word).slice(1, -1));
    const failed = { state: 'failed', code: 'no-marker', message: 'No.' } as const;
    expect(standingFact(hostile, failed, noon).notice.fields.command).toBe(
      `windlass retry apps/shop ${word}`,
    );
  });

  it('of manual: true is for anyone', () => {
    expect(asked({ manual: true })?.notice.fields.approvers).toBe('anyone');
  });

  it('names the quorum of the operator as well, and what else it waits for', () => {
    const minimums = [{ manual: false, rule: 'prod', approvals: { required: 1, groups: ['sre'] } }];
    const fact = asked({ ...two, minimums, promoteOn: 'tested' });
    expect(fact?.notice.fields.approvers).toBe('2 of group release-managers, alice, bob; 1 of group sre');
    expect(fact?.notice.message).toContain('It also waits for: ');
  });

  it.each<[string, GatePolicies, Partial<GateFacts>]>([
    ['nothing waits for people', { manual: false, promoteOn: 'tested' }, {}],
    [
      'enough people have approved',
      two,
      { approvals: [approvedBy('alice'), approvedBy('bob')], head: first },
    ],
  ])('is no fact where %s', (_when, policies, facts) => {
    expect(asked(policies, facts)).toBeUndefined();
  });

  it('stays the same fact while approvals come in', () => {
    expect(asked(two, { approvals: [approvedBy('alice')], head: first })?.key).toBe('approval-needed');
  });

  it.each<[string, Partial<GateFacts>]>([
    ['a later push', { head: second }],
    ['their age', { head: first, now: noon + 3_600_001 }],
  ])('is another fact when approvals no longer count because of %s', (_why, facts) => {
    const approvals = [approvedBy('alice'), approvedBy('bob')];
    const fact = asked(two, { approvals, ...facts });
    expect(fact?.key).toMatch(/^approval-needed\/[0-9a-f]{12}$/);
    expect(fact?.notice.message).toContain(
      'No longer counted, because of a later change or the age of the approval: alice, bob.',
    );
    // The same push is told once, the next one again.
    expect(asked(two, { approvals, ...facts, now: (facts.now ?? noon) + 1 })?.key).toBe(fact?.key);
    const third = 'c'.repeat(40);
    const approvedAgain = approvals.map((each) => ({ ...each, head: second, at: noon + 5 }));
    expect(asked(two, { approvals: approvedAgain, head: third })?.key).not.toBe(fact?.key);
  });

  it('is no longer the other fact once the same people have approved again', () => {
    const approvals = [approvedBy('alice', noon, second)];
    expect(asked(two, { approvals, head: second })?.key).toBe('approval-needed');
  });
});

describe('what a promotion comes to', () => {
  it.each<[PromotionStanding, string]>([
    [
      { state: 'failed', code: 'no-marker', message: 'The branch moved.' },
      'Promotion failed: apps/shop: 1.1.0 was not promoted into staging: The branch moved. To run it again, use windlass retry apps/shop staging.',
    ],
    [
      { state: 'expired', afterMs: 86_400_000, url, number: 7 },
      `Promotion expired: apps/shop: 1.1.0 was not promoted into staging within 1 day: Pull request ${url} is closed. A newer version, or another release of this one, is promoted as usual.`,
    ],
    [
      {
        state: 'merged-outside-gates',
        settling: true,
        url,
        number: 7,
        by: 'carol',
        outsideGates: ['0 of 2 approvals'],
      },
      `Merged outside gates: apps/shop: Pull request ${url} with 1.1.0 was merged by carol while its gates were closed: 0 of 2 approvals. Waiting until staging reports that it runs it.`,
    ],
    [
      { state: 'overridden', gates: ['windows'], by: 'carol', reason: 'Incident 7' },
      'Gates overridden: apps/shop: carol opened gates for 1.1.0 into staging: windows. Reason: Incident 7',
    ],
    [{ state: 'deployed', url, number: 7 }, 'Deployed: apps/shop: staging runs 1.1.0. Nothing to do.'],
  ])('is told in words: %o', (standing, message) => {
    expect(told(standing).notice.message).toBe(message);
  });

  it('has what receivers show beside the words', () => {
    const { notice } = told({ state: 'failed', code: 'no-marker', message: 'The branch moved.' });
    expect(notice.fields).toEqual({
      ...place,
      previousVersion: '1.0.0',
      code: 'no-marker',
      command: 'windlass retry apps/shop staging',
    });
  });

  it('tells each override', () => {
    const override = { state: 'overridden', gates: ['windows'], by: 'carol', reason: 'Incident 7' } as const;
    const keys = [noon, noon + 1].map((at) => standingFact(task, override, at).key);
    expect(new Set(keys).size).toBe(2);
  });

  it.each<PromotionStanding>([
    { state: 'promoting' },
    { state: 'superseded', by: '1.2.0' },
    { state: 'rejected', by: 'carol' },
    { state: 'frozen', gates: [] },
    { state: 'cancelled' },
  ])('is nothing to tell: %o', (standing) => {
    expect(isTold(standing)).toBe(false);
  });

  it('is told of a rollback after its end', () => {
    const progress = {
      state: 'rolled-back',
      message: 'staging went back to 1.0.0.',
      url,
      workflowId: 'w',
      at: noon,
    } as const;
    expect(laterEndNotice(task, progress)).toEqual({
      kind: 'rolled-back',
      ...pipelineRef,
      message: 'Rolled back: apps/shop: staging went back to 1.0.0.',
      fields: { ...place, pullRequest: url },
      at: noon,
    });
  });
});

describe('texts from outside', () => {
  const reasonOf = (reason: string) =>
    told({ state: 'overridden', gates: ['windows'], by: 'carol', reason }).notice.message.split(
      'Reason: ',
    )[1];

  it('call no one in a chat', () => {
    expect(reasonOf('<!channel> <@U1> <users/all> @everyone @here @alice')).toBe(
      '‹!channel> ‹@\u200bU1> ‹users/all> @\u200beveryone @\u200bhere @\u200balice',
    );
    expect(reasonOf('@room, @**all** (@*ops*) x/@_**a** x@room')).toBe(
      '@\u200broom, @\u200b**all** (@\u200b*ops*) x/@\u200b_**a** x@\u200broom',
    );
    expect(reasonOf('@\u202eeveryone <\u2066!channel>')).toBe('@\u200beveryone ‹!channel>');
  });

  it('keep addresses of e-mail, and show no link as another one', () => {
    expect(reasonOf('ask alice@example.com [here](https://evil.example)')).toBe(
      'ask alice@example.com [here]\u200b(https://evil.example)',
    );
  });

  it('stay on one line, and short', () => {
    expect(reasonOf('one\n\ntwo\u2028three')).toBe('one two three');
    expect(
      Buffer.byteLength(
        told({ state: 'failed', code: 'no-marker', message: 'é'.repeat(5_000) }).notice.message,
      ),
    ).toBeLessThanOrEqual(2_048);
  });
});
