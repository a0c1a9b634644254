import { type GateSources } from '../../../src/activities/asked-gates';
import { resolvePromotion } from '../../../src/activities/resolve-promotion';
import { WindlassError } from '../../../src/domain/errors';
import { emptyLane } from '../../../src/domain/lane/lane-state';
import { type Environment, type Pipeline } from '../../../src/domain/pipeline/pipeline';
import { type PolicyRule } from '../../../src/domain/policy/promotion-policy';
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

/** There is no policy, and no lane. */
const alone: GateSources = { readLane: () => Promise.resolve(undefined) };

async function resolve(
  store: PipelineStore,
  sources = alone,
  of: Partial<PromotionTask> = {},
): ReturnType<typeof resolvePromotion> {
  const resolution = resolvePromotion(store, { retry, reported: false }, { ...task, ...of }, sources);
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
    const resolution = resolvePromotion(store, { retry, reported: false }, task, alone);
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
    await expect(resolvePromotion(store, settings, task, alone)).rejects.toBe(unknown);
    const withdrawal: PromotionTask = { ...task, action: 'withdraw' };
    await expect(resolvePromotion(store, settings, withdrawal, alone)).resolves.toMatchObject({
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

  it('is told what its dependencies run, unless it withdraws a version', async () => {
    const dependsOn = [
      { pipeline: { namespace: 'pipelines', name: 'db' }, environment: 'prod', version: '>=1.2' },
    ];
    const dependent: Pipeline = { ...samplePipeline, gates: { dependsOn } };
    const database: Pipeline = { ...samplePipeline, name: 'db' };
    const store: PipelineStore = {
      ...storeOf(),
      pipeline: ({ name }) => Promise.resolve(name === 'db' ? database : dependent),
    };
    const report = { reporter: 'a', version: '1.2.0', at: 0, object: 'real/my-app' };
    const readLane: GateSources['readLane'] = (pipeline, environment) =>
      Promise.resolve({ ...emptyLane(pipeline, environment), running: [report] });
    await expect(resolve(store, { readLane })).resolves.toMatchObject({
      dependsOn: [
        { pipeline: 'pipelines/db', environment: 'prod', version: '>=1.2', met: true, found: 'runs 1.2.0' },
      ],
    });
    await expect(resolve(store, { readLane }, { action: 'withdraw' })).resolves.not.toHaveProperty(
      'dependsOn',
    );
  });
});

describe("an operator's policy", () => {
  const window = { kind: 'allow', schedule: '0 9 * * 1', durationMs: 3_600_000, timeZone: 'UTC' } as const;
  const sources = (...rules: readonly PolicyRule[]): GateSources => ({ ...alone, policy: () => ({ rules }) });

  it('adds each rule that selects the environment as a minimum of its own', async () => {
    jest.setSystemTime(Date.UTC(2026, 10, 28, 12));
    const approvals = { required: 2 };
    const resolution = await resolve(
      storeOf({ ...samplePipeline, gates: { approvals: { required: 1 }, soakMs: 60_000 } }),
      sources(
        { name: 'people', namespaces: ['pipelines'], gates: { approvals } },
        { name: 'elsewhere', namespaces: ['apps'], gates: { soakMs: 1 } },
        { name: 'prod', environments: ['prod'], gates: { soakMs: 1 } },
        { name: 'all', gates: { promoteOn: 'tested', soakMs: 120_000, windows: [window] } },
      ),
    );
    expect(resolution).toMatchObject({
      approvals: { required: 1 },
      soakMs: 60_000,
      minimums: [
        { manual: false, rule: 'people', approvals },
        {
          manual: false,
          rule: 'all',
          promoteOn: 'tested',
          soakMs: 120_000,
          windows: { open: false, opensAt: Date.UTC(2026, 10, 30, 9) },
        },
      ],
    });
  });

  it('selects by the labels of the environment promoted into', async () => {
    const [dev, staging, ...later] = samplePipeline.environments;
    const labelled = (environment: Environment) => ({ ...environment, labels: { tier: 'production' } });
    const rule: PolicyRule = { name: 'a', environmentLabels: { tier: 'production' }, gates: { soakMs: 1 } };
    const into = { ...samplePipeline, environments: [dev!, labelled(staging!), ...later] };
    await expect(resolve(storeOf(into), sources(rule))).resolves.toMatchObject({ minimums: [{ rule: 'a' }] });
    const from = { ...samplePipeline, environments: [labelled(dev!), staging!, ...later] };
    await expect(resolve(storeOf(from), sources(rule))).resolves.not.toHaveProperty('minimums');
  });

  it('has no stage for a notification, which no one merges', async () => {
    const rule: PolicyRule = { name: 'a', gates: { soakMs: 1, stage: 'merge' } };
    const resolution = await resolve(storeOf(samplePipeline), sources(rule));
    expect(resolution).toMatchObject({ minimums: [{ manual: false, rule: 'a', soakMs: 1 }] });
    expect(resolution).not.toMatchObject({ minimums: [{ stage: 'merge' }] });
  });

  it('is asked again each time', async () => {
    let rules: readonly PolicyRule[] = [{ name: 'a', gates: { soakMs: 1 } }];
    const changing: GateSources = { ...alone, policy: () => ({ rules }) };
    await expect(resolve(storeOf(samplePipeline), changing)).resolves.toHaveProperty('minimums');
    rules = [];
    await expect(resolve(storeOf(samplePipeline), changing)).resolves.not.toHaveProperty('minimums');
  });

  it('makes Pipelines depend on others, of which those that depend on themselves are closed', async () => {
    const dependsOn = [
      { pipeline: { namespace: 'pipelines', name: 'my-app' }, environment: 'prod', version: '*' },
    ];
    await expect(
      resolve(storeOf(samplePipeline), sources({ name: 'a', gates: { dependsOn } })),
    ).resolves.toMatchObject({
      minimums: [
        {
          rule: 'a',
          dependsOn: [
            { met: false, found: 'pipelines/my-app staging depends on itself through pipelines/my-app prod' },
          ],
        },
      ],
    });
  });

  it('can close a circle that no Pipeline shows', async () => {
    const on = (name: string) => ({
      pipeline: { namespace: 'pipelines', name },
      environment: 'prod',
      version: '*',
    });
    const dependent: Pipeline = { ...samplePipeline, gates: { dependsOn: [on('db')] } };
    const store: PipelineStore = {
      ...storeOf(),
      pipeline: ({ name }) => Promise.resolve(name === 'db' ? { ...samplePipeline, name } : dependent),
    };
    const rule: PolicyRule = {
      name: 'a',
      environmentLabels: { tier: 'none' },
      gates: { dependsOn: [on('my-app')] },
    };
    const resolved = (rules: PolicyRule) => resolve(store, sources(rules));
    await expect(resolved(rule)).resolves.toMatchObject({
      dependsOn: [{ found: 'has not reported what it runs' }],
    });
    const { environmentLabels: _labels, ...everywhere } = rule;
    await expect(resolved({ ...everywhere, environments: ['prod'] })).resolves.toMatchObject({
      dependsOn: [
        {
          found:
            'pipelines/my-app staging depends on itself through pipelines/db prod → pipelines/my-app prod',
        },
      ],
    });
  });
});
