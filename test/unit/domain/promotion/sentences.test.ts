import { type ClosedGate, closedGates } from '../../../../src/domain/gates/evaluate';
import { type GateText } from '../../../../src/domain/gates/gate';
import {
  type PromotionStanding,
  closingComment,
  describeStanding,
} from '../../../../src/domain/promotion/sentences';
import { type PromotionTask } from '../../../../src/domain/promotion/promotion';
import { markdownParagraphs, plainSentence } from '../../../../src/domain/rich-text';
import { promoteUpdate } from '../../../../src/workflows/contract/messages';
import { deployment, noon, pipelineRef } from '../../../support/events';

const task: PromotionTask = {
  action: 'promote',
  pipeline: pipelineRef,
  from: 'dev',
  to: 'staging',
  version: '1.4.0',
  event: deployment({ version: '1.4.0' }),
};
const withdrawal: PromotionTask = {
  ...task,
  action: 'withdraw',
  event: deployment({ version: '1.3.0', kind: 'rolled-back' }),
};
const workflowId = 'promotion/apps/shop/staging/1.4.0/abc';
const url = 'https://git.example/7';
const facts = { task, workflowId, approved: false, approvals: [], now: noon };
const held = (closed: readonly ClosedGate[]): readonly GateText[] => closed;

const plain = (standing: PromotionStanding, of = task): string =>
  plainSentence(describeStanding(of, standing));
const markdown = (standing: PromotionStanding, of = task): string =>
  markdownParagraphs(describeStanding(of, standing));

const sentences: readonly (readonly [PromotionStanding, string])[] = [
  [{ state: 'resolving' }, 'Reading the Pipeline apps/shop.'],
  [
    { state: 'suspended', gates: held(closedGates(facts, { manual: false, suspended: true })) },
    'staging waits for 1.4.0: suspended. It continues when suspend is removed from the Pipeline or its environment staging.',
  ],
  [
    { state: 'waiting-for-approval', gates: held(closedGates(facts, { manual: true })) },
    `staging waits for 1.4.0: approval. To approve, send the update promote with {"version": "1.4.0"} to the workflow ${workflowId}. A newer version takes its place.`,
  ],
  [
    { state: 'suspended', gates: held(closedGates(facts, { manual: true, suspended: true })) },
    `staging waits for 1.4.0: suspended, approval. It continues when suspend is removed from the Pipeline or its environment staging. To approve, send the update promote with {"version": "1.4.0"} to the workflow ${workflowId}. A newer version takes its place.`,
  ],
  [
    {
      state: 'waiting-for-approval',
      gates: held(
        closedGates(
          { ...facts, approvals: [{ by: 'alice', at: noon }] },
          { manual: true, approvals: { required: 2, users: ['alice', 'bob'] } },
        ),
      ),
    },
    `staging waits for 1.4.0: approval, 1 of 2 approvals. To approve, send the update promote with {"version": "1.4.0"} to the workflow ${workflowId}. A newer version takes its place. Approved by alice. To decide, send the update approve or reject with {"version": "1.4.0", "by": "NAME"} to the workflow ${workflowId}. Only decisions by the people in gates.approvals count. A newer version replaces it and needs new approvals.`,
  ],
  [
    { state: 'waiting-for-soak', gates: held(closedGates(facts, { manual: false, soakMs: 1_800_000 })) },
    'staging waits for 1.4.0: soak time until 2026-11-23 12:30 UTC. dev runs 1.4.0 since 2026-11-23 12:00 UTC. It continues by itself. To let it continue now, change gates.soak of the Pipeline.',
  ],
  [{ state: 'started' }, 'Promoting 1.4.0 from dev into staging.'],
  [{ state: 'promoting' }, 'Promoting 1.4.0 from dev into staging.'],
  [
    {
      state: 'retrying',
      code: 'network',
      message: 'git.example answered 502.',
      failedAttempts: 2,
      threshold: 3,
      waitMs: 4_000,
    },
    '2 of 3 attempts failed. The promotion of 1.4.0 into staging is tried again in 4 s: git.example answered 502.',
  ],
  [
    { state: 'pull-request', url, number: 7, change: 'created', previous: '1.3.0' },
    `Pull request ${url} brings staging from 1.3.0 to 1.4.0. Merge it to deploy, or close it to keep staging as it is.`,
  ],
  [{ state: 'unchanged' }, 'staging already has 1.4.0 in Git. Nothing to do.'],
  [
    { state: 'notified' },
    'The notification-controller has the event for 1.4.0 into staging. It sends it to the receivers of the Alerts that select the Pipeline.',
  ],
  [{ state: 'superseded', by: '1.5.0' }, '1.4.0 into staging was superseded by 1.5.0. Nothing to do.'],
  [
    { state: 'rejected', by: 'alice' },
    'alice rejected 1.4.0 for staging. Nothing to do. A newer version waits for approvals of its own.',
  ],
  [
    { state: 'rejected', by: 'alice', comment: 'Not before the fair.' },
    'alice rejected 1.4.0 for staging: Not before the fair. Nothing to do. A newer version waits for approvals of its own.',
  ],
  [
    { state: 'ignored', reason: 'The pipeline apps/shop is gone.' },
    '1.4.0 is no longer promoted into staging: The pipeline apps/shop is gone. Nothing to do.',
  ],
  [
    { state: 'yielded', approved: false },
    'Stopped so that the lane can continue as new. It starts again at once.',
  ],
  [
    { state: 'failed', code: 'no-marker', message: 'No marker.' },
    '1.4.0 was not promoted into staging: No marker. To run it again, use windlass retry; in Kubernetes, the annotation reconcile.fluxcd.io/requestedAt on the Pipeline does the same.',
  ],
  [
    { state: 'cancelled' },
    'An operator cancelled the promotion of 1.4.0 into staging. To run it again, use windlass retry; in Kubernetes, the annotation reconcile.fluxcd.io/requestedAt on the Pipeline does the same.',
  ],
];

it.each(sentences)('says in plain words that it stands so: %j', (standing, sentence) => {
  expect(plain(standing)).toBe(sentence);
});

it.each([
  [{ state: 'started' }, 'Withdrawing 1.4.0 from staging: dev went back to 1.3.0.'],
  [{ state: 'withdrawn', url }, `Closed ${url} for 1.4.0: dev no longer runs it. Nothing to do.`],
  [{ state: 'withdrawn' }, 'staging has no open pull request for 1.4.0 to withdraw. Nothing to do.'],
] as const)('says of a withdrawal that it stands so: %j', (standing, sentence) => {
  expect(plain(standing, withdrawal)).toBe(sentence);
});

it('calls a withdrawal that failed by its name', () => {
  const failed = { state: 'failed', code: 'forbidden', message: 'No right.' } as const;
  expect(plain(failed, withdrawal)).toContain('1.4.0 was not withdrawn from staging: No right.');
});

it('links and emphasizes in Markdown, with a paragraph for what to do', () => {
  expect(markdown({ state: 'pull-request', url, number: 7, change: 'created', previous: '1.3.0' })).toBe(
    `Pull request [#7](${url}) brings staging from 1.3.0 to **1.4.0**.\n\nMerge it to deploy, or close it to keep \`staging\` as it is.`,
  );
});

it('shows words from outside as they stand, whatever they quote', () => {
  const message = 'No marker # {"$promotion": "a:b:c"}, says `git` ![x](http://tracker).';
  const lines = markdown({ state: 'failed', code: 'no-marker', message }).split('\n');
  expect(lines).toContain(`\`\` ${message} \`\``);
});

it('shows what a person wrote as it stands', () => {
  const rejected = { state: 'rejected', by: '*[x](y)*', comment: 'See [this](http://tracker) `x`' } as const;
  expect(markdown(rejected).split('\n')).toEqual([
    '**\\*\\[x\\](y)\\* rejected 1.4.0** for staging:',
    '',
    '`` See [this](http://tracker) `x` ``',
    '',
    'Nothing to do. A newer version waits for approvals of its own.',
  ]);
});

it('lets no name become markup', () => {
  expect(markdown({ state: 'unchanged' }, { ...task, to: '*[x](y)*' })).toContain(
    '\\*\\[x\\](y)\\* already has',
  );
});

it('names the update that there is', () => {
  expect(
    plain({ state: 'waiting-for-approval', gates: held(closedGates(facts, { manual: true })) }),
  ).toContain(`the update ${promoteUpdate.name} `);
});

it('tells why a pull request is closed', () => {
  expect(closingComment(withdrawal, 'withdrawn')).toBe(
    'Closed: `dev` no longer runs 1.4.0, it went back to 1.3.0.',
  );
  expect(closingComment(task, 'unchanged')).toBe(
    'Closed: `dev` now runs 1.4.0, and `staging` already has it in Git.',
  );
});
