import {
  type Pipeline,
  type PromotionBlock,
  type ProviderType,
  type PullRequestStrategy,
} from '../../../src/domain/pipeline/pipeline';
import {
  conditionsOf,
  type FoundCondition,
  areUpToDate,
} from '../../../src/controller/reconciler/conditions';
import { pipelineFaults, type SecretLook } from '../../../src/resources/pipeline-faults';
import { samplePipeline } from '../../support/sample-pipeline';

const now = Date.UTC(2026, 10, 23, 12, 0, 0, 789);
const data = (values: Readonly<Record<string, string>>): SecretLook => ({
  data: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Buffer.from(value)])),
});
const pullRequest = (hmacSecretName?: string): PromotionBlock => ({
  manual: false,
  strategy: {
    kind: 'pull-request',
    provider: 'github',
    url: 'https://git.example.com/a/b',
    baseBranch: 'main',
    secretName: 'git',
  },
  ...(hmacSecretName === undefined ? {} : { hmacSecretName }),
});

/** The sample, with the block of its second environment. */
const withStaging = (promotion: PromotionBlock): Pipeline => {
  const [dev, staging, prod] = samplePipeline.environments;
  return { ...samplePipeline, environments: [dev!, { ...staging!, promotion }, prod!] };
};

const lack = (_: ProviderType, feature: string) =>
  feature === 'labels' ? 'the service has none' : undefined;
const faultsOf = (pipeline: Pipeline, secrets: Readonly<Record<string, SecretLook>>) =>
  pipelineFaults({ value: pipeline, faults: [], warnings: [] }, new Map(Object.entries(secrets)));
const conditions = (
  pipeline: Pipeline,
  secrets: Readonly<Record<string, SecretLook>>,
  found: FoundCondition[] = [],
) => conditionsOf(pipeline, faultsOf(pipeline, secrets), { generation: 3, found, lack, now });

describe('what is wrong with a Pipeline', () => {
  it('is nothing when its Secrets have what promotions need', () => {
    const pipeline = withStaging(pullRequest('staging-webhook'));
    const key = data({ 'hmac-key': 'key' });
    const git = data({ token: 'token\n' });
    expect(faultsOf(pipeline, { webhook: key, 'staging-webhook': key, git })).toEqual([]);
  });

  it('names each Secret that is missing, once', () => {
    const messages = faultsOf(withStaging(pullRequest('webhook')), {}).map(({ message }) => message);
    expect(messages).toEqual([
      'The Secret pipelines/webhook does not exist: create it, with the key hmac-key.',
      'The Secret pipelines/git does not exist: create it, with the key token.',
    ]);
  });

  it('asks for the keys that promotions need of one Secret for both', () => {
    const promotion = pullRequest('git');
    const pipeline = { ...samplePipeline, promotion };
    expect(faultsOf(pipeline, { git: data({ token: 'token' }) })).toEqual([
      expect.objectContaining({
        reason: 'SecretIncomplete',
        message: expect.stringContaining('no hmac-key'),
      }),
    ]);
  });

  it('asks for the key that signs', () => {
    const { strategy, ...promotion } = pullRequest();
    const signing = { ...strategy, commit: { signingSecretName: 'signing' } } as PullRequestStrategy;
    const pipeline = withStaging({ ...promotion, strategy: signing });
    const others = { webhook: data({ 'hmac-key': 'key' }), git: data({ token: 'token' }) };
    expect(faultsOf(pipeline, { ...others, signing: data({ password: 'x' }) })).toEqual([
      expect.objectContaining({ message: expect.stringContaining('no git.asc or identity') }),
    ]);
    expect(faultsOf(pipeline, { ...others, signing: data({ 'git.asc': 'x' }) })).toEqual([]);
  });

  it.each<readonly [environment: string, on: string, messages: readonly string[]]>([
    [
      'prod',
      'prod',
      [
        'gates.dependsOn of prod names pipelines/my-app in prod, so prod depends on itself and is never promoted into: name an earlier environment, or remove it.',
      ],
    ],
    [
      'staging',
      'prod',
      [
        'gates.dependsOn of staging names pipelines/my-app in prod, so staging depends on itself and is never promoted into: name an earlier environment, or remove it.',
      ],
    ],
    [
      'prod',
      'live',
      ['gates.dependsOn of prod names pipelines/my-app in live, but it has no such environment.'],
    ],
    ['prod', 'dev', []],
    // Nothing is promoted into it.
    ['dev', 'dev', []],
  ])('finds that %s depends on its own %s: %j', (environment, on, messages) => {
    const { namespace, name } = samplePipeline;
    const gates = { dependsOn: [{ pipeline: { namespace, name }, environment: on, version: '>=1' }] };
    const environments = samplePipeline.environments.map((each) =>
      each.name === environment ? { ...each, gates } : each,
    );
    const faults = faultsOf({ ...samplePipeline, environments }, { webhook: data({ 'hmac-key': 'key' }) });
    expect(faults.map(({ message }) => message)).toEqual(messages);
    expect(faults.every(({ reason, lasts }) => reason === 'InvalidSpec' && lasts)).toBe(true);
  });

  it('finds that the gates of the pipeline make each environment depend on itself or a later one', () => {
    const { namespace, name } = samplePipeline;
    const gates = {
      dependsOn: [
        { pipeline: { namespace, name }, environment: 'staging', version: '>=1' },
        { pipeline: { namespace: 'other', name }, environment: 'staging', version: '>=1' },
      ],
    };
    const faults = faultsOf({ ...samplePipeline, gates }, { webhook: data({ 'hmac-key': 'key' }) });
    expect(faults.map(({ message }) => message)).toEqual([
      expect.stringContaining('dependsOn of staging names'),
    ]);
  });

  it('takes a key of white space for none, and one that is not text for one', () => {
    expect(faultsOf(samplePipeline, { webhook: data({ 'hmac-key': ' \t\r\n' }) })).toHaveLength(1);
    const webhook = { data: { 'hmac-key': new Uint8Array([0xff, 0x0a]) } };
    expect(faultsOf(samplePipeline, { webhook })).toEqual([]);
  });

  it.each([
    ['ENC[AES256_GCM,data:xx,iv:yy,tag:zz,type:str]', 'is encrypted by SOPS: decrypt it first'],
    ['${HMAC_TOKEN}', 'holds an unsubstituted variable'],
  ])('takes %s for no key', (key, reason) => {
    expect(faultsOf(samplePipeline, { webhook: data({ 'hmac-key': key }) })).toEqual([
      {
        reason: 'SecretIncomplete',
        message: expect.stringContaining(`The Secret pipelines/webhook has a hmac-key that ${reason}`),
        lasts: false,
      },
    ]);
  });

  it('leaves out a block that is never in force', () => {
    const [dev, ...others] = samplePipeline.environments;
    const pipeline = { ...samplePipeline, environments: [{ ...dev!, promotion: pullRequest() }, ...others] };
    expect(faultsOf(pipeline, { webhook: data({ 'hmac-key': 'key' }) })).toEqual([]);
  });

  it('never repeats what is in a Secret', () => {
    const told = JSON.stringify(faultsOf(withStaging(pullRequest()), { git: data({ password: 'canary' }) }));
    expect(told).not.toContain('canary');
  });
});

describe('the conditions', () => {
  it('are one when nothing is wrong', () => {
    expect(conditions(samplePipeline, { webhook: data({ 'hmac-key': 'key' }) })).toEqual([
      {
        type: 'Ready',
        status: 'True',
        reason: 'ReconciliationSucceeded',
        message: 'my-app: dev → staging → prod.',
        observedGeneration: 3,
        lastTransitionTime: '2026-11-23T12:00:00Z',
      },
    ]);
  });

  it('warn of a Pipeline whose events get 401', () => {
    const promotion: PromotionBlock = { manual: false, strategy: { kind: 'notification' } };
    const messageOf = (pipeline: Pipeline) =>
      conditions(pipeline, { w: data({ 'hmac-key': 'key' }) })[0]?.message;
    expect(messageOf({ ...samplePipeline, promotion })).toBe(
      'my-app: dev → staging → prod. Warning: no strategy.secretRef and no allow-unsigned: its events get 401, unless api runs with --allow-unsigned.',
    );
    const [dev, staging, prod] = samplePipeline.environments;
    const keyed = { ...prod!, promotion: { ...promotion, hmacSecretName: 'w' } };
    const partly = { ...samplePipeline, promotion, environments: [dev!, staging!, keyed] };
    expect(messageOf(partly)).toContain('events from dev get 401');
    expect(messageOf({ ...samplePipeline, promotion, allowUnsigned: true })).toBe(
      'my-app: dev → staging → prod.',
    );
    const { namespace, name, appRef, environments, allowUnsigned } = samplePipeline;
    expect(messageOf({ namespace, name, appRef, environments, allowUnsigned })).toBe(
      'my-app: dev → staging → prod.',
    );
  });

  it('are Ready with a warning for each field that the service has nothing for, once', () => {
    const asking = pullRequest('webhook');
    const strategy = { ...asking.strategy, labels: ['a'], reviewers: { users: ['ada'], teams: [] } };
    const promotion = { ...asking, strategy } as PromotionBlock;
    const [ready] = conditions(
      { ...samplePipeline, promotion },
      { webhook: data({ 'hmac-key': 'key' }), git: data({ token: 'token' }) },
    );
    expect(ready).toMatchObject({
      status: 'True',
      message:
        'my-app: dev → staging → prod. Warning: pull-request.labels has no effect on github: the service has none.',
    });
  });

  it('are Reconciling while a Secret may still come', () => {
    expect(conditions(samplePipeline, {}).map(({ type, status }) => [type, status])).toEqual([
      ['Ready', 'False'],
      ['Reconciling', 'True'],
    ]);
  });

  it('are Stalled when only another spec helps, whatever else is wrong', () => {
    const [dev, ...others] = samplePipeline.environments;
    const pipeline = { ...samplePipeline, environments: [{ ...dev!, targets: [] }, ...others] };
    const found = conditions(pipeline, {});
    expect(found.map(({ type, reason }) => [type, reason])).toEqual([
      ['Ready', 'InvalidSpec'],
      ['Stalled', 'InvalidSpec'],
    ]);
    expect(found[0]?.message).toContain('spec.environments[0].targets is empty');
    expect(found[0]?.message).toContain('The Secret pipelines/webhook does not exist');
  });

  it('fit into a status, however many faults there are', () => {
    const faults = Array.from({ length: 100 }, (_, index) => ({
      path: ['spec', 'environments', index, 'name'],
      reason: 'is required',
    }));
    const faulty = pipelineFaults({ faults, warnings: [] }, new Map());
    const [ready] = conditionsOf(undefined, faulty, { generation: 1, found: [], lack, now });
    expect(Buffer.byteLength(ready!.message)).toBeLessThanOrEqual(1_024);
    expect(ready!.message).toMatch(/^spec\.environments\[0\]\.name is required\. .*…$/);
  });

  it('keep the time since when their status is what it is', () => {
    const secrets = { webhook: data({ 'hmac-key': 'key' }) };
    const since = '2026-01-01T00:00:00Z';
    const before = (status: string) => [{ type: 'Ready', status, lastTransitionTime: since }];
    expect(conditions(samplePipeline, secrets, before('True'))[0]?.lastTransitionTime).toBe(since);
    expect(conditions(samplePipeline, secrets, before('False'))[0]?.lastTransitionTime).not.toBe(since);
  });
});

describe('conditions that were found', () => {
  const wanted = conditions(samplePipeline, {});

  it('say the same in any order, beside those of others', () => {
    expect(areUpToDate([{ type: 'Other', status: 'True' }, ...wanted.toReversed()], wanted)).toBe(true);
  });

  it.each([
    ['one is missing', wanted.slice(1)],
    ['one is too many', [...wanted, { ...wanted[0]!, type: 'Stalled' }]],
    ['one is about another generation', [{ ...wanted[0]!, observedGeneration: 2 }, wanted[1]!]],
    ['one has another message', [{ ...wanted[0]!, message: 'Otherwise.' }, wanted[1]!]],
  ])('do not say the same when %s', (_, found) => {
    expect(areUpToDate(found, wanted)).toBe(false);
  });
});

it('says of which environments people can merge past closed gates, while the Pipeline has them', () => {
  const [ready, ...others] = conditionsOf(samplePipeline, [], {
    generation: 3,
    found: [],
    unenforced: ['prod', 'gone'],
    lack,
    now,
  });
  expect(ready).toMatchObject({ type: 'Ready', status: 'True' });
  expect(others).toMatchObject([
    {
      type: 'GatesEnforced',
      status: 'False',
      reason: 'CheckNotRequired',
      message:
        'People can merge into prod while gates are closed: require the check windlass/gates in the protection of the base branch.',
    },
  ]);
});
