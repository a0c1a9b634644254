import { resolvePromotion } from '../../../src/activities/resolve-promotion';
import { WindlassError } from '../../../src/domain/errors';
import { type Pipeline } from '../../../src/domain/pipeline/pipeline';
import { type PromotionTask } from '../../../src/domain/promotion/promotion';
import { type PipelineStore } from '../../../src/store/pipeline-store';
import { deployment } from '../../support/events';
import { samplePipeline } from '../../support/sample-pipeline';

const retry = { delayMs: 1, maxDelayMs: 2, threshold: 3 };
const event = deployment({ version: '1.1.0', pipeline: samplePipeline });
const task: PromotionTask = {
  action: 'promote',
  pipeline: samplePipeline,
  from: 'dev',
  to: 'staging',
  version: '1.1.0',
  event,
};

/** A store that gives these answers in turn, the last one again and again. */
function storeOf(...answers: readonly (Pipeline | undefined)[]): PipelineStore {
  let asked = 0;
  return {
    pipeline: () => Promise.resolve(answers[Math.min(asked++, answers.length - 1)]),
    freezes: () => Promise.resolve([]),
    secret: () => Promise.resolve(undefined),
    ready: () => true,
    close: () => Promise.resolve(),
  };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

async function resolve(store: PipelineStore): ReturnType<typeof resolvePromotion> {
  const resolution = resolvePromotion(store, { retry, reported: false }, task);
  await jest.runAllTimersAsync();
  return resolution;
}

describe('resolving a promotion', () => {
  it('takes the strategy of its hop', async () => {
    expect(await resolve(storeOf(samplePipeline))).toMatchObject({
      status: 'ready',
      reported: false,
      strategy: 'notification',
      manual: false,
      retry,
    });
  });

  it('waits for a Pipeline of which the webhook knew earlier than this worker', async () => {
    expect(await resolve(storeOf(undefined, samplePipeline))).toMatchObject({ status: 'ready' });
  });

  it('waits for a hop of which the webhook knew earlier than this worker', async () => {
    const older = { ...samplePipeline, environments: samplePipeline.environments.slice(0, 1) };
    expect(await resolve(storeOf(older, samplePipeline))).toMatchObject({ status: 'ready' });
  });

  it('is asked again while the Pipeline is invalid: that ends no promotion', async () => {
    const invalid = new WindlassError('invalid-pipeline', 'The Pipeline pipelines/my-app is invalid: x.');
    const store = { ...storeOf(samplePipeline), pipeline: () => Promise.reject(invalid) };
    const resolution = resolvePromotion(store, { retry, reported: false }, task);
    await expect(resolution).rejects.toMatchObject({
      name: 'ApplicationFailure',
      type: 'invalid-pipeline',
      nonRetryable: false,
      message: expect.stringContaining('is invalid: x.'),
    });
  });

  it('says that the Pipeline does not exist any more', async () => {
    expect(await resolve(storeOf(undefined))).toEqual({
      status: 'ignored',
      reason: 'The pipeline pipelines/my-app does not exist any more.',
    });
  });

  it('says that the hop does not exist any more', async () => {
    const environments = samplePipeline.environments.filter(({ name }) => name !== 'staging');
    expect(await resolve(storeOf({ ...samplePipeline, environments }))).toEqual({
      status: 'ignored',
      reason: 'The pipeline pipelines/my-app no longer promotes from dev to staging.',
    });
  });

  it('is told to wait while the Pipeline or the environment ahead is suspended', async () => {
    const staging = { ...samplePipeline.environments[1]!, suspended: true };
    const dev = { ...samplePipeline.environments[0]!, suspended: true };
    const [, , prod] = samplePipeline.environments;
    const held = (pipeline: Pipeline) => resolve(storeOf(pipeline));
    await expect(held({ ...samplePipeline, suspended: true })).resolves.toMatchObject({ suspended: true });
    await expect(
      held({ ...samplePipeline, environments: [samplePipeline.environments[0]!, staging, prod!] }),
    ).resolves.toMatchObject({ suspended: true });
    await expect(
      held({ ...samplePipeline, environments: [dev, ...samplePipeline.environments.slice(1)] }),
    ).resolves.not.toHaveProperty('suspended');
  });

  it('is told which freezes hold it, and when the next one begins', async () => {
    jest.setSystemTime(Date.UTC(2026, 10, 28, 12));
    const { namespace } = samplePipeline;
    const startsAt = Date.UTC(2026, 11, 23);
    const freezes = [
      { namespace, name: 'incident', reason: 'Incident', environments: ['staging'] },
      { namespace, name: 'holidays', reason: 'Holidays', from: startsAt },
      { namespace, name: 'elsewhere', reason: 'Prod', environments: ['prod'] },
    ];
    const store = { ...storeOf(samplePipeline), freezes: () => Promise.resolve(freezes) };
    await expect(resolve(store)).resolves.toMatchObject({
      freezes: [{ name: `${namespace}/incident`, reason: 'Incident' }],
      freezeStartsAt: startsAt,
    });
  });

  it('waits while freezes are not known, except for a withdrawal', async () => {
    const unknown = new WindlassError('store-unavailable', 'The Freezes cannot be read.');
    const store = { ...storeOf(samplePipeline), freezes: () => Promise.reject(unknown) };
    const settings = { retry, reported: false };
    await expect(resolvePromotion(store, settings, task)).rejects.toBe(unknown);
    await expect(resolvePromotion(store, settings, { ...task, action: 'withdraw' })).resolves.toMatchObject({
      status: 'ready',
    });
  });

  it("is told when the windows of its environment are open, on the worker's clock", async () => {
    jest.setSystemTime(Date.UTC(2026, 10, 28, 12));
    const window = { kind: 'allow', schedule: '0 9 * * 1', durationMs: 3_600_000, timeZone: 'UTC' } as const;
    const opensAt = Date.UTC(2026, 10, 30, 9);
    await expect(
      resolve(storeOf({ ...samplePipeline, gates: { windows: [window] } })),
    ).resolves.toMatchObject({
      windows: { open: false, opensAt, closesAt: opensAt + 3_600_000, opens: 'Mon 09:00 UTC' },
    });
    await expect(resolve(storeOf({ ...samplePipeline, gates: { windows: [] } }))).resolves.not.toHaveProperty(
      'windows',
    );
  });

  it('is told how long its version runs in the source environment first', async () => {
    await expect(resolve(storeOf({ ...samplePipeline, gates: { soakMs: 60_000 } }))).resolves.toMatchObject({
      soakMs: 60_000,
    });
    await expect(resolve(storeOf({ ...samplePipeline, gates: { soakMs: 0 } }))).resolves.not.toHaveProperty(
      'soakMs',
    );
  });

  it('is told whether tests must have passed', async () => {
    const resolved = (promoteOn: 'upgraded' | 'tested') =>
      resolve(storeOf({ ...samplePipeline, gates: { promoteOn } }));
    await expect(resolved('tested')).resolves.toMatchObject({ promoteOn: 'tested' });
    await expect(resolved('upgraded')).resolves.not.toHaveProperty('promoteOn');
  });

  it('is told whose approvals it needs', async () => {
    const approvals = { required: 2, users: ['alice', 'bob'] };
    await expect(resolve(storeOf({ ...samplePipeline, gates: { approvals } }))).resolves.toMatchObject({
      approvals,
    });
  });
});
