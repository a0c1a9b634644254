import { type PromotionProgress, type PromotionTask } from '../../../src/domain/promotion/promotion';
import { environmentStatus } from '../../../src/controller/progress/environment-status';
import { environmentFieldManager } from '../../../src/controller/field-manager';
import { describeProgress } from '../../../src/controller/progress/describe-progress';
import { promotionEvent } from '../../../src/controller/progress/promotion-event';
import { deployment, noon, pipelineRef } from '../../support/events';

const task: PromotionTask = {
  action: 'promote',
  pipeline: pipelineRef,
  from: 'dev',
  to: 'staging',
  version: '1.2.3',
  event: deployment({ version: '1.2.3' }),
};
const workflowId = 'promotion/apps/shop/staging/1.2.3/abc';
const url = 'https://git.example.com/pulls/7';

const progress = (
  state: PromotionProgress['state'],
  extra: Partial<PromotionProgress> = {},
): PromotionProgress => ({
  state,
  message: 'As the workflow says.',
  workflowId,
  startedAt: noon,
  at: noon + 61_234,
  ...extra,
});

const told = (state: PromotionProgress['state'], extra?: Partial<PromotionProgress>) => {
  const telling = describeProgress(task, progress(state, extra));
  return telling && [telling.type, telling.reason, telling.message];
};
const statusOf = (state: PromotionProgress['state'], extra?: Partial<PromotionProgress>) => {
  const now = progress(state, extra);
  return environmentStatus(task, now, describeProgress(task, now)!);
};
const eventOf = (of: PromotionTask, now = progress('started'), uid = 'uid') =>
  promotionEvent(of, now, describeProgress(of, now)!, uid);

describe('the progress of a promotion', () => {
  it('is told by the type and reason of its state, in the words of the workflow', () => {
    expect(told('started')).toEqual(['Normal', 'Started', 'As the workflow says.']);
    expect(told('pull-request', { url })).toEqual(['Normal', 'PullRequestOpened', 'As the workflow says.']);
    expect(told('failed', { code: 'no-marker' })).toEqual(['Warning', 'Failed', 'As the workflow says.']);
  });

  it('is told of a notification in the words that the original had', () => {
    expect(told('notified')).toEqual([
      'Normal',
      'Promote',
      'Promote pipeline apps/shop to staging with version 1.2.3',
    ]);
  });

  it('is not told in a state that only a newer version of Windlass knows', () => {
    expect(told('waiting-for-the-moon' as PromotionProgress['state'])).toBeUndefined();
  });
});

describe("an environment's status", () => {
  it('has an end only once the promotion has ended', () => {
    expect(statusOf('started').lastPromotion).not.toHaveProperty('finishedAt');
    expect(statusOf('waiting-for-approval').lastPromotion).not.toHaveProperty('finishedAt');
    expect(statusOf('pull-request', { url }).lastPromotion).not.toHaveProperty('finishedAt');
    expect(statusOf('merged', { url }).lastPromotion).not.toHaveProperty('finishedAt');
    expect(
      statusOf('merged', { url, ended: true, times: { proposedAt: noon + 61_234, mergedAt: noon + 61_234 } }),
    ).toEqual({
      lastPromotion: {
        version: '1.2.3',
        state: 'merged',
        message: 'As the workflow says.',
        pullRequestUrl: url,
        workflowId,
        startedAt: '2026-11-23T12:00:00Z',
        proposedAt: '2026-11-23T12:01:01Z',
        mergedAt: '2026-11-23T12:01:01Z',
        finishedAt: '2026-11-23T12:01:01Z',
      },
    });
  });

  it('names the version that waits for approval, and only then', () => {
    expect(statusOf('waiting-for-approval').waitingApproval).toEqual({ revision: '1.2.3' });
    expect(statusOf('started')).not.toHaveProperty('waitingApproval');
  });

  it('bounds the sentence of a failure, in whole characters', () => {
    const { lastPromotion } = statusOf('failed', { message: '💥'.repeat(1_000), code: 'internal' });
    expect(lastPromotion.reason).toBe('internal');
    expect(Buffer.byteLength(lastPromotion.message)).toBeLessThanOrEqual(1_024);
    expect(Buffer.from(lastPromotion.message).toString()).toBe(lastPromotion.message);
  });
});

describe("an Event's name", () => {
  it('is equal for a repetition, whenever it comes', () => {
    expect(eventOf(task, progress('started', { at: noon })).name).toBe(eventOf(task).name);
  });

  it.each([
    ['another environment', eventOf({ ...task, to: 'prod' })],
    ['another version', eventOf({ ...task, version: '1.2.4' })],
    ['another state', eventOf(task, progress('unchanged'))],
    ['another Pipeline of the same name', eventOf(task, progress('started'), 'other')],
  ])('is another one for %s', (_, event) => {
    expect(event.name).not.toBe(eventOf(task).name);
  });

  it.each(['shop', 'a'.repeat(253), `${'a'.repeat(229)}.b`])(
    'is one that an object may have, for %s',
    (name) => {
      const event = eventOf({ ...task, pipeline: { ...pipelineRef, name } });
      expect(event.name.length).toBeLessThanOrEqual(253);
      expect(event.name).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/);
    },
  );
});

describe('the field manager of an environment', () => {
  it('is readable', () => {
    expect(environmentFieldManager('staging')).toBe('windlass/staging');
  });

  it.each(['e'.repeat(253), 'a b', 'Prüfung', 'line\u2028'])(
    'is one that the API server takes, for %s',
    (name) => {
      expect(environmentFieldManager(name)).toMatch(/^[ -~]{1,128}$/);
      expect(environmentFieldManager(name)).not.toBe(environmentFieldManager(`${name}x`));
    },
  );
});
