import { type ReceivedEvent, interpretEvent } from '../../../src/flux/interpret-event';
import { type Environment, type Pipeline } from '../../../src/domain/pipeline/pipeline';
import { fluxBody, fluxReceivedAt, releaseUid } from '../../support/flux-request';
import { samplePipeline } from '../../support/sample-pipeline';

const day = 24 * 3_600_000;
const eventTime = Date.parse('2026-11-23T07:59:37Z');

function interpret(body: string, received: Partial<ReceivedEvent> = {}) {
  const defaults = { pipeline: samplePipeline, environment: 'dev', signed: true, receivedAt: fluxReceivedAt };
  return interpretEvent({ ...defaults, body: Buffer.from(body), ...received }, day);
}

function accepted(body: string, received: Partial<ReceivedEvent> = {}) {
  const result = interpret(body, received);
  if (result.kind !== 'accept') throw new Error(`not accepted: ${JSON.stringify(result)}`);
  return result.event;
}

const reason = (is: string): [string, string] => ['"reason":"UpgradeSucceeded"', is];
const message = (is: string): [string, string] => [
  'Helm upgrade succeeded for release real/my-app.v2 with chart my-app@1.2.4',
  is,
];

describe('an upgrade that succeeded', () => {
  it('becomes an event for the next environment', () => {
    expect(interpret(fluxBody())).toEqual({
      kind: 'accept',
      to: 'staging',
      event: {
        pipeline: { namespace: 'pipelines', name: 'my-app' },
        environment: 'dev',
        identity: expect.stringMatching(/^[0-9a-f]{64}$/),
        kind: 'deployed',
        version: '1.2.4',
        reporter: releaseUid,
        release: 2,
        install: false,
        at: eventTime,
        object: 'real/my-app',
      },
    });
  });

  it.each([
    ['latest', 'latest', undefined],
    ['queue', 'latest', 'queue'],
    [undefined, 'queue', 'queue'],
    ['latest', 'queue', undefined],
  ] as const)(
    'says what happens to versions before it: %s of the environment promoted into, %s of the pipeline',
    (own, general, supersede) => {
      const pipeline: Pipeline = {
        ...samplePipeline,
        gates: { supersede: general },
        environments: samplePipeline.environments.map((environment) =>
          environment.name === 'staging' && own !== undefined
            ? { ...environment, gates: { supersede: own } }
            : environment,
        ),
      };
      expect(accepted(fluxBody(), { pipeline }).supersede).toBe(supersede);
    },
  );

  it("is without Flux's digest", () => {
    const digest =
      '"revision":"1.2.4+8f1f4a3f0c1d","helm.toolkit.fluxcd.io/oci-digest":"sha256:8f1f4a3f0c1d22"';
    expect(accepted(fluxBody(['"revision":"1.2.4"', digest])).version).toBe('1.2.4');
  });

  it('is found under the prefixed key, too', () => {
    const prefixed = '"helm.toolkit.fluxcd.io/revision":"1.2.4"';
    expect(accepted(fluxBody(['"revision":"1.2.4"', prefixed])).version).toBe('1.2.4');
  });

  it('is known by its object where the sender gives no uid', () => {
    expect(accepted(fluxBody([releaseUid, ''])).reporter).toBe('real/my-app');
  });

  it('is known by a name of bounded length whatever uid the sender gives, and by another for another', () => {
    const [one, other] = ['1', '2'].map((end) => accepted(fluxBody([releaseUid, 'u'.repeat(200_000) + end])));
    expect(Buffer.byteLength(one?.reporter ?? '')).toBeLessThanOrEqual(128);
    expect(one?.reporter).not.toBe(other?.reporter);
  });
});

describe('what promotes', () => {
  it.each([
    ['InstallSucceeded', reason('"reason":"InstallSucceeded"'), { kind: 'deployed', install: true }],
    ['UpgradeSucceeded', reason('"reason":"UpgradeSucceeded"'), { kind: 'deployed', install: false }],
    ['no reason', reason('"x":""'), { kind: 'deployed', install: false }],
    ['an empty reason', reason('"reason":""'), { kind: 'deployed', install: false }],
    ['RollbackSucceeded', reason('"reason":"RollbackSucceeded"'), { kind: 'rolled-back', install: false }],
  ])('%s, signed', (_name, replacement, event) => {
    expect(interpret(fluxBody(replacement))).toMatchObject({ kind: 'accept', event });
  });

  it.each([
    ['Helm install succeeded', true],
    ['Helm upgrade succeeded', false],
  ])('the reason info with the message "%s" of an old Flux', (text, install) => {
    const body = fluxBody(reason('"reason":"info"'), message(text), ['/v2"', '/v2beta1"']);
    expect(interpret(body)).toMatchObject({ kind: 'accept', event: { kind: 'deployed', install } });
  });
});

describe('what promotes nothing', () => {
  it.each([
    'UpgradeFailed',
    'InstallFailed',
    'RollbackFailed',
    'UninstallSucceeded',
    'DriftDetected',
    'DriftCorrected',
    'DependencyNotReady',
    'ReconciliationSucceeded',
    'error',
    'upgradesucceeded',
    '__proto__',
  ])('the reason %s', (name) => {
    expect(interpret(fluxBody(reason(`"reason":"${name}"`)))).toEqual({
      kind: 'ignore',
      code: 'not-a-promotion',
      reason: `only InstallSucceeded and UpgradeSucceeded promote, not ${name}`,
    });
  });

  it.each([
    'Helm upgrade has started',
    'Helm test succeeded',
    'Helm rollback succeeded',
    'Helm uninstall succeeded',
    'Helm upgrade failed: Helm upgrade succeeded',
    '',
  ])('the reason info with the message "%s"', (text) => {
    expect(interpret(fluxBody(reason('"reason":"info"'), message(text)))).toMatchObject({
      kind: 'ignore',
      code: 'not-a-promotion',
    });
  });

  it('severity error, whatever the reason', () => {
    expect(interpret(fluxBody(['"severity":"info"', '"severity":"error"']))).toMatchObject({
      code: 'not-a-promotion',
    });
  });

  it('an unsigned event without any reason', () => {
    expect(interpret(fluxBody(reason('"x":""')), { signed: false })).toMatchObject({
      code: 'not-a-promotion',
    });
  });

  it('an event without any metadata, as DriftDetected is', () => {
    const body = fluxBody(reason('"reason":"DriftDetected"'), ['"metadata"', '"m"']);
    expect(interpret(body)).toMatchObject({ kind: 'ignore' });
  });

  it('a reason that is no word, which is not repeated', () => {
    expect(interpret(fluxBody(reason('"reason":"<b>\\n"')))).toMatchObject({
      reason: 'only InstallSucceeded and UpgradeSucceeded promote, not this reason',
    });
  });

  it('the last environment, where nothing is promoted into it either', () => {
    const [dev, staging, prod] = samplePipeline.environments as [Environment, Environment, Environment];
    const { promotion, ...bare } = samplePipeline;
    const pipeline = { ...bare, environments: [dev, { ...staging, promotion: promotion! }, prod] };
    expect(interpret(fluxBody(), { environment: 'prod', pipeline })).toEqual({
      kind: 'ignore',
      code: 'last-environment',
      reason: 'cannot promote beyond last environment prod',
    });
  });

  it('a hop without promotion block', () => {
    const { namespace, name, appRef, environments, allowUnsigned } = samplePipeline;
    const pipeline = { namespace, name, appRef, environments, allowUnsigned };
    expect(interpret(fluxBody(), { pipeline })).toEqual({
      kind: 'ignore',
      code: 'no-promotion',
      reason: 'app pipelines/my-app has no promotion configured beyond environment dev',
    });
  });
});

const upgradeText = 'Helm upgrade succeeded for release real/my-app.v2 with chart my-app@1.2.4';

/** As `internal/reconcile/test.go` of helm-controller 1.6 writes it, with the metadata of an OCI chart. */
function testBody(result: 'TestFailed' | 'TestSucceeded', ...replacements: [string, string][]): string {
  const text = upgradeText.replace(
    'upgrade succeeded',
    result === 'TestFailed' ? 'test failed' : 'test succeeded',
  );
  const failed = result === 'TestFailed';
  return fluxBody(
    reason(`"reason":"${result}"`),
    message(
      failed
        ? `${text}: 1 error occurred:\\n\\t* pod my-app-test failed`
        : `${text}: 1 test hook completed successfully`,
    ),
    [
      '"app-version":"a-1.2.4","revision":"1.2.4"',
      '"oci-digest":"sha256:8f1f4a3f0c1d22","revision":"1.2.4+8f1f4a3f0c1d","token":"sha256:1f"',
    ],
    ...(failed ? ([['"severity":"info"', '"severity":"error"']] as [string, string][]) : []),
    ...replacements,
  );
}

function recorded(body: string, received: Partial<ReceivedEvent> = {}) {
  const result = interpret(body, received);
  const fact = 'fact' in result ? result.fact : undefined;
  if (fact === undefined) throw new Error(`no fact: ${JSON.stringify(result)}`);
  return fact;
}

describe('what an environment says of itself', () => {
  it('is a fact for the lane into it, besides the report for the next one', () => {
    const body = fluxBody();
    const { event } = interpret(body, { environment: 'staging' }) as { event: { identity: string } };
    expect(interpret(body, { environment: 'staging' })).toMatchObject({
      kind: 'accept',
      to: 'prod',
      fact: {
        into: ['staging'],
        fact: {
          kind: 'deployed',
          environment: 'staging',
          identity: event.identity,
          version: '1.2.4',
          reporter: releaseUid,
          release: 2,
          at: eventTime,
          object: 'real/my-app',
          targets: 1,
        },
      },
    });
  });

  it('is a fact alone in the last environment', () => {
    expect(interpret(fluxBody(), { environment: 'prod' })).toEqual({
      kind: 'record',
      fact: { into: ['prod'], fact: expect.objectContaining({ kind: 'deployed', version: '1.2.4' }) },
    });
  });

  it('is no fact in the first environment, which nothing is promoted into', () => {
    expect(interpret(fluxBody())).not.toHaveProperty('fact');
  });

  it("is a fact by the environment's own promotion block, with none for the next hop", () => {
    const { promotion, environments, ...bare } = samplePipeline;
    const pipeline = {
      ...bare,
      environments: environments.map((each) =>
        each.name === 'staging' ? { ...each, promotion: promotion! } : each,
      ),
    };
    expect(interpret(fluxBody(), { environment: 'staging', pipeline })).toMatchObject({
      kind: 'record',
      fact: { into: ['staging'] },
    });
    expect(interpret(fluxBody(), { environment: 'prod', pipeline })).toMatchObject({ kind: 'ignore' });
  });

  it.each([
    ['InstallSucceeded', reason('"reason":"InstallSucceeded"')],
    ['no reason', reason('"x":""')],
  ])('is that it runs the version: %s', (_name, replacement) => {
    expect(recorded(fluxBody(replacement), { environment: 'prod' }).fact.kind).toBe('deployed');
  });

  it('is that it runs the version: the reason info of an old Flux', () => {
    const body = fluxBody(reason('"reason":"info"'), message('Helm upgrade succeeded'));
    expect(recorded(body, { environment: 'prod' }).fact).toMatchObject({
      kind: 'deployed',
      version: '1.2.4',
    });
  });

  it('is that it went back, without the number of the release that it went back to', () => {
    const body = fluxBody(
      reason('"reason":"RollbackSucceeded"'),
      message('Helm rollback to previous release real/my-app.v1 with chart my-app@1.2.4 succeeded'),
    );
    const { fact } = recorded(body, { environment: 'prod' });
    expect(fact.kind).toBe('rolled-back');
    expect(fact).not.toHaveProperty('release');
  });

  it('counts its targets', () => {
    const environments = samplePipeline.environments.map((each) => ({
      ...each,
      targets: [{ namespace: 'real' }, { namespace: 'real', cluster: 'a/b' }],
    }));
    const pipeline = { ...samplePipeline, environments };
    expect(recorded(fluxBody(), { environment: 'prod', pipeline }).fact.targets).toBe(2);
  });
});

describe('the result of a Helm test', () => {
  it.each([
    ['TestFailed', 'tests-failed'],
    ['TestSucceeded', 'tests-passed'],
  ] as const)('%s: is for the lanes into its environment and out of it', (result, kind) => {
    expect(interpret(testBody(result), { environment: 'staging' })).toEqual({
      kind: 'record',
      fact: {
        into: ['staging', 'prod'],
        fact: expect.objectContaining({ kind, environment: 'staging', version: '1.2.4', release: 2 }),
      },
    });
  });

  it('is for the only lane that there is, of the first and the last environment', () => {
    expect(recorded(testBody('TestFailed')).into).toEqual(['staging']);
    expect(recorded(testBody('TestFailed'), { environment: 'prod' }).into).toEqual(['prod']);
  });

  it('is ignored where nothing is promoted into the environment or from it', () => {
    const { promotion, ...pipeline } = samplePipeline;
    expect(promotion).toBeDefined();
    expect(interpret(testBody('TestFailed'), { pipeline })).toEqual({
      kind: 'ignore',
      code: 'not-a-promotion',
      reason: 'the result of a test, and no environment is promoted into or from this one',
    });
  });

  it('has an identity of its own, the same for every delivery', () => {
    const later: [string, string][] = [['07:59:37Z', '07:59:39Z']];
    const identity = (body: string): string => recorded(body, { environment: 'staging' }).fact.identity;
    const identities = [fluxBody(), testBody('TestFailed'), testBody('TestSucceeded')].map(identity);
    expect(new Set(identities).size).toBe(3);
    expect(identity(testBody('TestFailed', ...later))).toBe(identities[1]);
  });

  it.each<[string, [string, string], string]>([
    ['no revision', ['"revision"', '"r"'], 'refuse'],
    ['another object', ['"name":"my-app"', '"name":"other"'], 'refuse'],
    ['a time in the future', ['2026-11-23', '2026-11-24'], 'refuse'],
    ['a time long past', ['2026-11-23', '2026-11-21'], 'ignore'],
  ])('is checked as a report is: %s', (_name, replacement, kind) => {
    expect(interpret(testBody('TestFailed', replacement)).kind).toBe(kind);
  });

  it('is nothing but a failure where a passed test has severity error', () => {
    expect(interpret(testBody('TestSucceeded', ['"severity":"info"', '"severity":"error"'])).kind).toBe(
      'ignore',
    );
  });
});

describe('what is refused', () => {
  const withoutTargets: Pipeline = {
    ...samplePipeline,
    environments: samplePipeline.environments.map((environment) => ({ ...environment, targets: [] })),
  };
  const mismatch = (fault: string) => `involved object does not match Pipeline definition: ${fault}`;

  it.each<[string, string, Partial<ReceivedEvent>, string]>([
    ['no JSON', '{', {}, 'the body is not JSON in UTF-8.'],
    [
      'no revision',
      fluxBody(['"revision"', '"r"']),
      {},
      "event has no 'revision' in the metadata field. Expected a string, received nothing.",
    ],
    [
      'no metadata',
      fluxBody(['"metadata"', '"m"']),
      {},
      "event has no 'revision' in the metadata field. Expected a string, received nothing.",
    ],
    [
      'a number as revision',
      fluxBody(['"revision":"1.2.4"', '"revision":1.2']),
      {},
      "the 'revision' in the metadata field is not a string.",
    ],
    [
      'control characters in the revision',
      fluxBody(['"revision":"1.2.4"', '"revision":"1.2.4\\n"']),
      {},
      "the 'revision' in the metadata field has control characters.",
    ],
    [
      'no such environment',
      fluxBody(),
      { environment: 'qa' },
      'app pipelines/my-app has no environment qa defined: it has dev, staging, prod',
    ],
    ['no targets', fluxBody(), { pipeline: withoutTargets }, 'environment dev has no targets'],
    [
      'another name',
      fluxBody(['"name":"my-app"', '"name":"other"']),
      {},
      mismatch('name is other, expected my-app'),
    ],
    [
      'another kind',
      fluxBody(['"kind":"HelmRelease"', '"kind":"Kustomization"']),
      {},
      mismatch('kind is Kustomization, expected HelmRelease'),
    ],
    [
      'another group',
      fluxBody(['helm.toolkit', 'kustomize.toolkit']),
      {},
      mismatch('API group is kustomize.toolkit.fluxcd.io, expected helm.toolkit.fluxcd.io'),
    ],
    [
      'no group',
      fluxBody(['helm.toolkit.fluxcd.io/v2', 'v2']),
      {},
      mismatch('API group is empty, expected helm.toolkit.fluxcd.io'),
    ],
    [
      'no API version',
      fluxBody(['"apiVersion"', '"a"']),
      {},
      mismatch('API group is empty, expected helm.toolkit.fluxcd.io'),
    ],
    [
      'another namespace',
      fluxBody(['"namespace":"real"', '"namespace":"pipelines"']),
      {},
      mismatch('namespace is pipelines, expected real'),
    ],
    [
      'a name that is none',
      fluxBody(['"name":"my-app"', '"name":"a\\u202eb canary"']),
      {},
      mismatch('name is not a Kubernetes name, expected my-app'),
    ],
    [
      'a time more than 5 minutes ahead',
      fluxBody(),
      { receivedAt: eventTime - 300_001 },
      "the event's timestamp is more than 5 minutes in the future: check the sender's clock.",
    ],
  ])('%s', (_name, body, received, sentence) => {
    expect(interpret(body, received)).toEqual({ kind: 'refuse', sentence });
  });

  it('an environment of an endless name, which is cut where it is repeated', () => {
    const result = interpret(fluxBody(), { environment: 'x'.repeat(10_000) });
    expect(JSON.stringify(result).length).toBeLessThan(250);
  });

  it('an event that would be ignored, where it is wrong as well', () => {
    const body = fluxBody(['"name":"my-app"', '"name":"other"']);
    expect(interpret(body, { environment: 'prod' }).kind).toBe('refuse');
  });
});

describe('the time of an event', () => {
  it('is its own where that is past', () => {
    expect(accepted(fluxBody(), { receivedAt: eventTime + 1000 }).at).toBe(eventTime);
  });

  it("is the receipt's where the sender's clock is ahead by up to 5 minutes", () => {
    expect(accepted(fluxBody(), { receivedAt: eventTime - 300_000 }).at).toBe(eventTime - 300_000);
  });

  it.each(['"timestamp":null', '"t":""'])("is the receipt's where it is %s", (replacement) => {
    const body = fluxBody(['"timestamp":"2026-11-23T07:59:37Z"', replacement]);
    expect(accepted(body, { receivedAt: eventTime + 40 * day }).at).toBe(eventTime + 40 * day);
  });

  it('may be as old as the limit', () => {
    expect(interpret(fluxBody(), { receivedAt: eventTime + day }).kind).toBe('accept');
  });

  it('must not be older: a captured body is no downgrade', () => {
    expect(interpret(fluxBody(), { receivedAt: eventTime + day + 1 })).toEqual({
      kind: 'ignore',
      code: 'stale',
      reason: 'stale: the event is of 2026-11-23T07:59:37.000Z',
    });
  });
});

describe('the identity of a deployment', () => {
  const identity = (...replacements: [string, string][]): string =>
    accepted(fluxBody(...replacements)).identity;

  it('is the same however and whenever it is reported', () => {
    const later: [string, string][] = [
      ['07:59:37Z', '07:59:39Z'],
      ['"resourceVersion":"627"', '"resourceVersion":"700"'],
      ['"reportingInstance":"hc-0"', '"reportingInstance":"hc-1"'],
    ];
    expect(identity(...later)).toBe(identity());
  });

  it.each<[string, [string, string]]>([
    ['uid', [releaseUid, '00000000-7fbc-452a-84bf-50b3c030f01a']],
    ['release number', ['my-app.v2', 'my-app.v3']],
    ['version', ['"revision":"1.2.4"', '"revision":"1.2.5"']],
    ['kind: a rollback', reason('"reason":"RollbackSucceeded"')],
  ])('differs by %s', (_name, replacement) => {
    expect(identity(replacement)).not.toBe(identity());
  });

  it.each<[string, [string, string]]>([
    ['uid', [releaseUid, '']],
    ['release number', message('Helm upgrade succeeded')],
  ])("is the body's where there is no %s", (_name, replacement) => {
    expect(identity(replacement)).toBe(identity(replacement));
    expect(identity(replacement, ['"reportingInstance":"hc-0"', '"reportingInstance":"hc-1"'])).not.toBe(
      identity(replacement),
    );
  });
});
