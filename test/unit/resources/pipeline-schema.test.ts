import { findHop } from '../../../src/domain/pipeline/pipeline';
import { type FieldPath, formatPath } from '../../../src/resources/faults';
import { readPipelineManifest } from '../../../src/resources/pipeline-schema';

const pullRequest = {
  type: 'github',
  url: 'https://github.com/acme/fleet.git',
  secretRef: { name: 'promotion' },
};

const manifest = (spec: Record<string, unknown> = {}, metadata: Record<string, unknown> = {}) => ({
  apiVersion: 'pipelines.weave.works/v1alpha1',
  kind: 'Pipeline',
  metadata: { name: 'shop', namespace: 'apps', ...metadata },
  spec: {
    appRef: { apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease', name: 'shop' },
    environments: [
      { name: 'dev', targets: [{ namespace: 'shop' }] },
      { name: 'prod', targets: [{ namespace: 'shop' }] },
    ],
    ...spec,
  },
});

const withPullRequest = (fields: Record<string, unknown>) =>
  manifest({ promotion: { strategy: { 'pull-request': { ...pullRequest, ...fields } } } });

const describeAll = (faults: readonly { path: FieldPath; reason: string }[]) =>
  faults.map(({ path, reason }) => `${formatPath(path)} ${reason}`);
const faultsOf = (object: unknown) => describeAll(readPipelineManifest(object).faults);
const warningsOf = (object: unknown) => describeAll(readPipelineManifest(object).warnings);

describe('a Pipeline manifest', () => {
  it("is read with all of pipeline-controller's fields", () => {
    const reading = readPipelineManifest({
      ...manifest(
        {
          environments: [
            {
              name: 'dev',
              targets: [
                { namespace: 'shop', clusterRef: { kind: 'GitopsCluster', name: 'eu', namespace: 'fleet' } },
                {
                  namespace: 'shop',
                  clusterRef: {
                    apiVersion: 'gitops.weave.works/v1alpha1',
                    kind: 'GitopsCluster',
                    name: 'us',
                  },
                },
              ],
            },
            {
              name: 'prod',
              targets: [{ namespace: 'shop' }],
              promotion: {
                manual: true,
                strategy: { notification: {}, secretRef: { name: 'prod-webhook' } },
              },
            },
          ],
          promotion: {
            strategy: {
              'pull-request': {
                ...pullRequest,
                baseBranch: 'release',
                apiUrl: 'https://git.acme.example/api',
              },
              secretRef: { name: 'webhook' },
            },
          },
        },
        { uid: '1', labels: { team: 'a' }, annotations: { 'pipelines.weave.works/allow-unsigned': 'true' } },
      ),
      status: { observedGeneration: -1, conditions: [] },
    });
    expect(reading).toEqual({
      faults: [],
      warnings: [],
      value: {
        namespace: 'apps',
        name: 'shop',
        labels: { team: 'a' },
        appRef: { apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease', name: 'shop' },
        environments: [
          {
            name: 'dev',
            targets: [
              { namespace: 'shop', cluster: 'fleet/eu' },
              { namespace: 'shop', cluster: 'apps/us' },
            ],
          },
          {
            name: 'prod',
            targets: [{ namespace: 'shop' }],
            promotion: { manual: true, strategy: { kind: 'notification' }, hmacSecretName: 'prod-webhook' },
          },
        ],
        promotion: {
          manual: false,
          strategy: {
            kind: 'pull-request',
            provider: 'github',
            url: 'https://github.com/acme/fleet.git',
            baseBranch: 'release',
            apiUrl: 'https://git.acme.example/api',
            secretName: 'promotion',
          },
          hmacSecretName: 'webhook',
        },
        allowUnsigned: true,
      },
    });
  });

  it.each(['false', 'True', 'yes', ''])('does not take %p for leave to send unsigned events', (value) => {
    const object = manifest({}, { annotations: { 'pipelines.weave.works/allow-unsigned': value } });
    expect(readPipelineManifest(object).value?.allowUnsigned).toBe(false);
  });

  it.each<readonly [annotation: string | undefined, dependents: readonly string[] | undefined]>([
    [undefined, undefined],
    ['', undefined],
    [' , ', undefined],
    ['apps', ['apps']],
    [' apps,shop ,', ['apps', 'shop']],
    ['*', ['*']],
  ])('with the annotation allow-dependents %j, it can be depended on by %j', (annotation, dependents) => {
    const annotations =
      annotation === undefined ? {} : { 'pipelines.weave.works/allow-dependents': annotation };
    expect(readPipelineManifest(manifest({}, { annotations })).value?.dependents).toEqual(dependents);
  });

  it('takes the template of the page with changes from an annotation', () => {
    const url = 'https://git.example.com/compare/{from}...{to}';
    const annotations = { 'pipelines.weave.works/changes-url': ` ${url}\n` };
    const { value, warnings } = readPipelineManifest(manifest({}, { annotations }));
    expect([value?.changesUrl, warnings]).toEqual([url, []]);
  });

  it('warns of a page with changes that cannot be linked, and promotes all the same', () => {
    const annotations = { 'pipelines.weave.works/changes-url': 'http://git.example.com/{to}' };
    const { value, faults, warnings } = readPipelineManifest(manifest({}, { annotations }));
    expect([value?.name, value?.changesUrl, faults]).toEqual(['shop', undefined, []]);
    expect(warnings).toEqual([
      {
        path: ['metadata', 'annotations', 'pipelines.weave.works/changes-url'],
        reason: expect.stringContaining('https'),
      },
    ]);
  });

  it('depends on Pipelines of its own namespace, unless it names another', () => {
    const on = (fields: object) => ({ pipeline: 'db', environment: 'prod', version: '>=1.2', ...fields });
    const gates = { dependsOn: [on({}), on({ namespace: 'platform' })] };
    const db = (namespace: string) => ({
      pipeline: { namespace, name: 'db' },
      environment: 'prod',
      version: '>=1.2',
    });
    const [dev, prod] = manifest().spec.environments;
    const { value } = readPipelineManifest(manifest({ gates, environments: [dev, { ...prod, gates }] }));
    expect(value?.gates?.dependsOn).toEqual([db('apps'), db('platform')]);
    expect(value?.environments[1]?.gates?.dependsOn).toEqual([db('apps'), db('platform')]);
  });

  it.each<readonly [fields: object, fault: string]>([
    [{ pipeline: undefined }, 'pipeline is required'],
    [{ pipeline: 'DB' }, 'pipeline must be a Kubernetes name: lower-case letters, digits, "-" and "."'],
    [{ namespace: 'Apps' }, 'namespace must be a namespace: lower-case letters, digits and "-"'],
    [{ environment: '' }, 'environment must not be empty'],
    [{ version: '' }, 'version must not be empty'],
    [{ version: 'newest' }, 'version must be a range of versions, such as ">=1.2"'],
    [{ version: 1.2 }, 'version must be a string and is a number: put quotes around it'],
  ])('cannot depend on %j', (fields, fault) => {
    const gates = { dependsOn: [{ pipeline: 'db', environment: 'prod', version: '>=1.2', ...fields }] };
    expect(faultsOf(manifest({ gates }))).toEqual([`spec.gates.dependsOn[0].${fault}`]);
  });

  it('takes a field that is null for one that is absent, as an API server does', () => {
    const object = manifest({ promotion: null }, { annotations: null });
    expect(readPipelineManifest(object).value).not.toHaveProperty('promotion');
    expect(faultsOf(manifest({ environments: null }))).toEqual(['spec.environments is required']);
  });

  it('may have an environment without targets, as in pipeline-controller', () => {
    const environments = [{ name: 'dev', targets: [] }];
    expect(readPipelineManifest(manifest({ environments })).value?.environments).toEqual(environments);
  });

  it('may be suspended as a whole, or into one environment', () => {
    const environments = [
      { name: 'dev', targets: [] },
      { name: 'prod', targets: [], suspend: true },
    ];
    expect(readPipelineManifest(manifest({ environments, suspend: true })).value).toMatchObject({
      suspended: true,
      environments: [expect.not.objectContaining({ suspended: true }), { name: 'prod', suspended: true }],
    });
    expect(readPipelineManifest(manifest({ suspend: false })).value).not.toHaveProperty('suspended');
  });

  it('ignores unknown fields, and names them with the field that was probably meant', () => {
    const object = manifest({
      promotion: { strategy: { notification: { channel: 'x' } }, manuel: true },
      'a b\n': 1,
    });
    expect(readPipelineManifest(object).value?.promotion).toEqual({
      manual: false,
      strategy: { kind: 'notification' },
    });
    expect(warningsOf(object)).toEqual([
      'spec.promotion.strategy.notification.channel unknown field',
      'spec.promotion.manuel unknown field; did you mean `manual`?',
      'spec["a b\\n"] unknown field',
    ]);
  });

  it.each([
    ['secretref', 'unknown field; did you mean `secretRef`?'],
    ['secretReference', 'unknown field'],
    ['pullRequest', 'unknown field; did you mean `pull-request`?'],
    ['notifications', 'unknown field; did you mean `notification`?'],
    // Of another object.
    ['manual', 'unknown field'],
    ['x', 'unknown field'],
  ])('takes strategy.%s for nothing known: %s', (field, reason) => {
    const object = manifest({
      environments: [
        { name: 'dev', targets: [], promotion: { strategy: { notification: {}, [field]: {} } } },
      ],
    });
    expect(warningsOf(object)).toEqual([`spec.environments[0].promotion.strategy.${field} ${reason}`]);
  });

  it('is not changed by being read', () => {
    const object = manifest({ unknown: 1, promotion: null });
    const copy = structuredClone(object);
    readPipelineManifest(object);
    expect(object).toEqual(copy);
  });

  it.each<[string, unknown, string[]]>([
    ['no object', 'text', [' must be a map of fields']],
    [
      'another version',
      { ...manifest(), apiVersion: 'pipelines.weave.works/v2' },
      ['apiVersion must be pipelines.weave.works/v1alpha1'],
    ],
    ['no namespace', manifest({}, { namespace: undefined }), ['metadata.namespace is required']],
    [
      'a name that Kubernetes would refuse',
      manifest({}, { name: '../shop' }),
      ['metadata.name must be a Kubernetes name: lower-case letters, digits, "-" and "."'],
    ],
    [
      'an annotation that is not a string',
      manifest({}, { annotations: { 'pipelines.weave.works/allow-unsigned': true } }),
      [
        'metadata.annotations["pipelines.weave.works/allow-unsigned"] must be a string and is a boolean: put quotes around it',
      ],
    ],
    ['no environments', manifest({ environments: [] }), ['spec.environments must not be empty']],
    ['no list of environments', manifest({ environments: {} }), ['spec.environments must be a list']],
    [
      'two environments of one name',
      manifest({
        environments: ['dev', 'prod', 'dev'].map((name) => ({ name, targets: [{ namespace: 'shop' }] })),
      }),
      ['spec.environments[2].name is also the name of an earlier environment'],
    ],
    [
      'a number for a namespace',
      manifest({ environments: [{ name: 'dev', targets: [{ namespace: 12 }] }] }),
      ['spec.environments[0].targets[0].namespace must be a string and is a number: put quotes around it'],
    ],
    [
      'no targets field',
      manifest({ environments: [{ name: 'dev' }] }),
      ['spec.environments[0].targets is required'],
    ],
    [
      'another kind of cluster',
      manifest({
        environments: [
          { name: 'dev', targets: [{ namespace: 'a', clusterRef: { kind: 'Node', name: 'b' } }] },
        ],
      }),
      ['spec.environments[0].targets[0].clusterRef.kind must be GitopsCluster'],
    ],
    [
      'no strategy',
      manifest({ promotion: { strategy: { secretRef: { name: 'webhook' } } } }),
      ['spec.promotion.strategy has no strategy: set pull-request or "notification: {}"'],
    ],
    [
      'two strategies',
      manifest({ promotion: { strategy: { notification: {}, 'pull-request': pullRequest } } }),
      ['spec.promotion.strategy has two strategies: keep pull-request or notification'],
    ],
    [
      'a string for manual',
      manifest({ promotion: { manual: 'yes', strategy: { notification: {} } } }),
      ['spec.promotion.manual must be true or false'],
    ],
    [
      'a secretRef without a name, which must never mean unsigned',
      manifest({ promotion: { strategy: { notification: {}, secretRef: { name: '' } } } }),
      [
        'spec.promotion.strategy.secretRef.name must be a Kubernetes name: lower-case letters, digits, "-" and "."',
      ],
    ],
    [
      'several faults at once',
      manifest({ appRef: undefined, environments: [{ targets: [] }], promotion: {} }),
      [
        'spec.appRef is required',
        'spec.environments[0].name is required',
        'spec.promotion.strategy is required',
      ],
    ],
  ])('with %s is refused', (_, object, faults) => {
    expect(faultsOf(object)).toEqual(faults);
    expect(readPipelineManifest(object).value).toBeUndefined();
  });

  it.each(['', ' ', 'a/b', '.', '..', ' dev', 'dev ', 'd\u0000v', 'dev\n', 'd\u2028v', 'x'.repeat(254)])(
    'with the environment name %p is refused',
    (name) => {
      expect(faultsOf(manifest({ environments: [{ name, targets: [] }] }))).toHaveLength(1);
    },
  );

  it.each(['Dev', 'dev 2', 'eu-1', 'dév', 'a:b', '...'])('may have an environment named %p', (name) => {
    expect(faultsOf(manifest({ environments: [{ name, targets: [] }] }))).toEqual([]);
  });
});

describe('the pull-request strategy', () => {
  const strategyOf = (fields: Record<string, unknown>) =>
    readPipelineManifest(withPullRequest(fields)).value?.promotion?.strategy;

  it('has main as its base branch', () => {
    expect(strategyOf({})).toMatchObject({ baseBranch: 'main' });
  });

  it('takes branch for baseBranch', () => {
    expect(strategyOf({ branch: 'trunk' })).toMatchObject({ baseBranch: 'trunk' });
    expect(strategyOf({ branch: 'trunk', baseBranch: 'trunk' })).toMatchObject({ baseBranch: 'trunk' });
  });

  it.each(['github', 'gitlab', 'bitbucket-cloud', 'gitea'])('knows %s', (type) => {
    expect(strategyOf({ type })).toMatchObject({ provider: type });
  });

  it('knows azure-devops by the address of a repository, and not of a project', () => {
    const url = 'https://dev.azure.com/example/fleet/_git/apps';
    expect(strategyOf({ type: 'azure-devops', url })).toMatchObject({ provider: 'azure-devops' });
    expect(strategyOf({ type: 'azure-devops', url: 'https://dev.azure.com/example/fleet' })).toBeUndefined();
  });

  it('knows bitbucket-server by the address that its pages show for Git', () => {
    const type = 'bitbucket-server';
    const url = 'https://git.acme.example/scm/apps/fleet.git';
    expect(strategyOf({ type, url })).toMatchObject({ provider: type });
    expect(faultsOf(withPullRequest({ type }))).toEqual([expect.stringContaining('scm/PROJECT/NAME')]);
  });

  it.each([
    'https://git.acme.example/api/v4',
    'http://localhost:3000',
    'http://127.0.0.1:1/',
    'http://127.1:1/',
    'http://[::1]:8080/api',
  ])('takes %s for its apiUrl', (apiUrl) => {
    expect(strategyOf({ apiUrl })).toMatchObject({ apiUrl });
  });

  it.each([
    ['apiUrl', 'http://git.acme.example'],
    ['apiUrl', 'http://127.0.0.1.acme.example'],
    ['apiUrl', 'https://user:s3cret@git.acme.example'],
    ['apiUrl', 'https://git.acme.example?token=s3cret'],
    ['apiUrl', 'https://git.acme.example#s3cret'],
    ['apiUrl', 'file:///s3cret'],
    ['apiUrl', 's3cret'],
    ['url', 'https://user:s3cret@github.com/acme/fleet'],
    ['url', 's3cret'],
    ['type', 's3cret'],
    ['branch', '--upload-pack=s3cret'],
    ['branch', 's3cret..main'],
    ['branch', 's3cret main'],
    ['branch', 's3cret:refs/heads/main'],
    ['baseBranch', 's3cret.lock'],
    ['baseBranch', '/s3cret'],
    ['baseBranch', 's3cret/'],
    ['baseBranch', '@'],
    ['baseBranch', ''],
    ['secretRef', undefined],
    ['url', undefined],
    ['type', undefined],
  ])('refuses %s: %p, without repeating it', (field, value) => {
    const faults = faultsOf(withPullRequest({ [field]: value }));
    expect(faults).toEqual([expect.stringContaining(`spec.promotion.strategy.pull-request.${field} `)]);
    expect(faults.join()).not.toContain('s3cret');
  });

  it('refuses branch and baseBranch that disagree', () => {
    expect(faultsOf(withPullRequest({ branch: 'main', baseBranch: 'trunk' }))).toEqual([
      'spec.promotion.strategy.pull-request.branch is an alias of baseBranch with another value: remove one of them',
    ]);
  });
});

describe('the commit', () => {
  const withCommit = (commit: Record<string, unknown>) => withPullRequest({ commit });
  const at = 'spec.promotion.strategy.pull-request.commit';

  it('is read with all its fields', () => {
    const commit = {
      author: { name: 'Bot', email: 'bot@example.com' },
      committer: { email: 'robot@example.com' },
      messageTemplate: 'chore: {title}',
    };
    const { value } = readPipelineManifest(
      withCommit({ ...commit, signingKey: { secretRef: { name: 'signing' } } }),
    );
    expect(value?.promotion?.strategy).toMatchObject({ commit: { ...commit, signingSecretName: 'signing' } });
  });

  it.each([
    [{ author: { email: 'bot' } }, 'author.email must be an e-mail address such as bot@example.com'],
    [{ author: { name: 'Bot <x>' } }, 'author.name must not hold <, > or a control character'],
    [{ committer: { name: ' ' } }, 'committer.name must not be blank'],
    [{ messageTemplate: '{tag}' }, 'messageTemplate has the unknown variable {tag}: there are {title}'],
    [{ signingKey: {} }, 'signingKey.secretRef is required'],
  ])('%j is refused', (commit, fault) => {
    expect(faultsOf(withCommit(commit))).toEqual([expect.stringContaining(`${at}.${fault}`)]);
  });
});

describe('the style of pull requests', () => {
  const at = 'spec.promotion.strategy.pull-request';

  it('is read with all its fields', () => {
    const style = {
      ...{ title: '{application} {version}', body: '{body}\n', labels: ['promotion'], assignees: ['ada'] },
      ...{ reviewers: { users: ['ada'], teams: ['sre'] }, draft: true, squash: false, deleteBranch: true },
    };
    expect(readPipelineManifest(withPullRequest(style)).value?.promotion?.strategy).toMatchObject(style);
  });

  it('has no fields that the manifest does not have', () => {
    const { value } = readPipelineManifest(withPullRequest({ reviewers: { users: ['ada'] } }));
    expect(value?.promotion?.strategy).toMatchObject({ reviewers: { users: ['ada'], teams: [] } });
    for (const field of ['title', 'labels', 'draft', 'squash'])
      expect(value?.promotion?.strategy).not.toHaveProperty(field);
  });

  it.each([
    [{ title: 'Promote {application}' }, 'title must have {version} in it'],
    [{ body: '{tag}' }, 'body has the unknown variable {tag}: there are {title}'],
    [{ labels: [' a'] }, 'labels[0] must not be blank, or begin or end with a space'],
    [{ labels: Array.from({ length: 21 }, () => 'a') }, 'labels has more than 20 entries'],
    [{ assignees: ['@ada'] }, 'assignees[0] must be a name without @'],
    [{ reviewers: { teams: ['a\nb'] } }, 'reviewers.teams[0] has a control character in it'],
    [{ labels: ['x'.repeat(101)] }, 'labels[0] is longer than 100 characters'],
  ])('%j is refused', (style, fault) => {
    expect(faultsOf(withPullRequest(style))).toEqual([expect.stringContaining(`${at}.${fault}`)]);
  });
});

describe('addresses out of a browser', () => {
  const strategyOf = (fields: Record<string, unknown>) =>
    readPipelineManifest(withPullRequest(fields)).value?.promotion?.strategy;

  it('are refused where they lead to a page', () => {
    expect(faultsOf(withPullRequest({ url: 'https://github.com/acme/fleet/tree/main' }))).toEqual([
      'spec.promotion.strategy.pull-request.url The repository URL leads to a page and not to the repository: end it after acme/fleet.',
    ]);
  });

  it('do for a base branch with the whole name of its ref', () => {
    expect(strategyOf({ baseBranch: 'refs/heads/main' })).toMatchObject({ baseBranch: 'main' });
    expect(strategyOf({ baseBranch: 'refs/heads/release/1', branch: 'release/1' })).toMatchObject({
      baseBranch: 'release/1',
    });
  });

  it.each(['refs/tags/v1', 'refs/heads/'])('do not for %s', (baseBranch) => {
    expect(faultsOf(withPullRequest({ baseBranch }))).toEqual([
      expect.stringContaining('pull-request.baseBranch is not a'),
    ]);
  });
});

describe('gates', () => {
  const office = { schedule: '0 9 * * 1-5', duration: '8h', timeZone: 'Europe/Berlin', kind: 'allow' };
  const withWindow = (fields: Record<string, unknown>) =>
    manifest({ gates: { windows: [{ ...office, ...fields }] } });
  const gatesInto = (spec: Record<string, unknown>, own: Record<string, unknown>) => {
    const { value } = readPipelineManifest(
      manifest({
        environments: [
          { name: 'dev', targets: [] },
          { name: 'prod', targets: [], ...own },
        ],
        promotion: { strategy: { notification: {} } },
        ...spec,
      }),
    );
    const lookup = value === undefined ? undefined : findHop(value, 'dev');
    return lookup?.found === true ? lookup.hop.gates : undefined;
  };
  const window = {
    kind: 'allow',
    schedule: '0 9 * * 1-5',
    durationMs: 28_800_000,
    timeZone: 'Europe/Berlin',
  };

  it('have windows, which default to allow and UTC', () => {
    expect(readPipelineManifest(withWindow({})).value?.gates).toEqual({ windows: [window] });
    const { value } = readPipelineManifest(withWindow({ kind: undefined, timeZone: undefined }));
    expect(value?.gates?.windows).toEqual([{ ...window, timeZone: 'UTC' }]);
  });

  it("of an environment replace the pipeline's field by field, whatever its promotion block", () => {
    const deny = { ...office, kind: 'deny' };
    const promotion = { manual: true, strategy: { notification: {} } };
    expect(gatesInto({}, {})).toEqual({});
    expect(gatesInto({ gates: { windows: [office] } }, {})).toEqual({ windows: [window] });
    expect(gatesInto({ gates: { windows: [office] } }, { promotion })).toEqual({ windows: [window] });
    expect(gatesInto({ gates: { windows: [office] } }, { gates: {} })).toEqual({ windows: [window] });
    expect(gatesInto({ gates: { windows: [office] } }, { gates: { windows: [deny] } })).toEqual({
      windows: [{ ...window, kind: 'deny' }],
    });
    expect(gatesInto({ gates: { windows: [office] } }, { gates: { windows: [] } })).toEqual({ windows: [] });
  });

  it.each([
    ['schedule', '*/15 0-23/2 1,15 JAN-MAR mon-FRI'],
    ['schedule', '0  9 * * 0,7'],
    ['schedule', '0 0 29 2 *'],
    // The day of the week is another way to occur.
    ['schedule', '0 0 30 2 1'],
    ['duration', '1m'],
    ['duration', '168h'],
    ['duration', '1h30m'],
    ['duration', '90s'],
    ['timeZone', 'America/Argentina/Buenos_Aires'],
    ['timeZone', 'Etc/GMT+5'],
  ])('may have the %s %p', (field, value) => {
    expect(faultsOf(withWindow({ [field]: value }))).toEqual([]);
  });

  const fields = 'must be five fields of cron';
  const notCron = 'has a field that is not cron';
  const never = 'never occurs';
  const zone = 'must be a name of the IANA time zone database';
  const length = 'must be a duration from 1m to 168h';
  it.each([
    ['schedule', '0 9 * *', fields],
    ['schedule', '0 0 9 * * *', fields],
    ['schedule', '@daily', fields],
    ['schedule', '', fields],
    ['schedule', '0 9 ? * *', fields],
    ['schedule', '0 9 * * 1#2', fields],
    ['schedule', '0 9 L * *', 'has letters that are no name'],
    ['schedule', '0 9 15W * *', 'has letters that are no name'],
    ['schedule', '0 9 * * FOO', notCron],
    ['schedule', '60 9 * * *', notCron],
    ['schedule', '0 24 * * *', notCron],
    ['schedule', '0 9 0 * *', notCron],
    ['schedule', '0 9 * 13 *', notCron],
    ['schedule', '0 9 * * 8', notCron],
    ['schedule', '0 17-9 * * *', notCron],
    ['schedule', '*/0 9 * * *', notCron],
    ['schedule', '0 0 30 2 *', never],
    ['schedule', '0 0 31 2,4,6,9,11 *', never],
    ['schedule', `${'0,'.repeat(150)}0 9 * * *`, 'is longer than 256 characters'],
    ['schedule', 9, 'must be a string'],
    ['duration', '59s', length],
    ['duration', '168h1s', length],
    ['duration', '8', length],
    ['duration', '1d', length],
    ['duration', '-8h', length],
    ['duration', undefined, 'is required'],
    ['timeZone', 'Europe/Berlyn', zone],
    ['timeZone', '+01:00', zone],
    ['timeZone', 'Local', zone],
    ['timeZone', '', zone],
    ['kind', 'freeze', 'must be one of allow, deny'],
  ])('with the %s %p are refused: %s', (field, value, fault) => {
    const faults = faultsOf(withWindow({ [field]: value }));
    expect(faults).toEqual([expect.stringContaining(`spec.gates.windows[0].${field} ${fault}`)]);
  });

  it('say whether tests must have passed', () => {
    expect(gatesInto({ gates: { promoteOn: 'tested' } }, {})).toEqual({ promoteOn: 'tested' });
    expect(gatesInto({ gates: { promoteOn: 'tested' } }, { gates: { promoteOn: 'upgraded' } })).toEqual({
      promoteOn: 'upgraded',
    });
    expect(faultsOf(manifest({ gates: { promoteOn: 'always' } }))).toEqual([
      expect.stringContaining('spec.gates.promoteOn must be one of upgraded, tested'),
    ]);
  });

  it('have a soak time, which an environment can replace and remove', () => {
    expect(gatesInto({ gates: { soak: '1h30m' } }, {})).toEqual({ soakMs: 5_400_000 });
    expect(gatesInto({ gates: { soak: '24h', windows: [] } }, { gates: { soak: '1m' } })).toEqual({
      soakMs: 60_000,
      windows: [],
    });
    expect(gatesInto({ gates: { soak: '168h' } }, { gates: { soak: '0s' } })).toEqual({ soakMs: 0 });
  });

  it.each(['59s', '168h1s', '-1h', '1d', '30', '', '0', '1us'])('with the soak %p are refused', (soak) => {
    expect(faultsOf(manifest({ gates: { soak } }))).toEqual([
      expect.stringContaining('spec.gates.soak must be 0s or a duration from 1m to 168h'),
    ]);
  });

  it('have approvals, one by default', () => {
    expect(gatesInto({ gates: { approvals: {} } }, {})).toEqual({ approvals: { required: 1 } });
    const approvals = {
      required: 2,
      users: ['alice@example.com'],
      groups: ['Ops team'],
      expiresAfter: '72h',
    };
    expect(gatesInto({ gates: { approvals: {} } }, { gates: { approvals } })).toEqual({
      approvals: {
        required: 2,
        users: ['alice@example.com'],
        groups: ['Ops team'],
        expiresAfterMs: 259_200_000,
      },
    });
  });

  const range = 'must be a number from 1 to 10';
  const name = 'must be a name without space around it and without invisible characters';
  it.each([
    [{ required: 0 }, `.required ${range}`],
    [{ required: 11 }, `.required ${range}`],
    [{ required: 1.5 }, '.required must be a whole number'],
    [{ required: '2' }, '.required must be a number'],
    [{ users: [] }, '.users must not be empty'],
    [{ groups: [] }, '.groups must not be empty'],
    [{ users: [' alice'] }, `.users[0] ${name}`],
    [{ users: ['ali\u200bce'] }, `.users[0] ${name}`],
    [{ users: [''] }, `.users[0] ${name}`],
    [{ groups: ['a'.repeat(254)] }, `.groups[0] ${name}`],
    [{ users: Array.from({ length: 51 }, (_, i) => `user-${i}`) }, '.users has more than 50 entries'],
    [{ expiresAfter: '30s' }, '.expiresAfter must be a duration from 1m to 8760h'],
    [{ expiresAfter: '3d' }, '.expiresAfter must be a duration from 1m to 8760h'],
    [{ required: 2, users: ['alice', 'alice'] }, ' requires more approvals than users has names'],
  ])('with the approvals %j are refused: %s', (approvals, fault) => {
    expect(faultsOf(manifest({ gates: { approvals } }))).toEqual([
      expect.stringContaining(`spec.gates.approvals${fault}`),
    ]);
  });

  it('of an environment are refused with its place', () => {
    const windows = [office, { ...office, schedule: '@daily' }];
    const environments = [
      { name: 'dev', targets: [] },
      { name: 'prod', targets: [], gates: { windows } },
    ];
    expect(faultsOf(manifest({ environments }))).toEqual([
      expect.stringContaining('spec.environments[1].gates.windows[1].schedule must be five fields of cron'),
    ]);
  });

  it('have at most 20 windows, and 200 in one Pipeline', () => {
    const windows = (count: number) => Array.from({ length: count }, () => office);
    expect(faultsOf(manifest({ gates: { windows: windows(20) } }))).toEqual([]);
    expect(faultsOf(manifest({ gates: { windows: windows(21) } }))).toEqual([
      'spec.gates.windows has more than 20 entries',
    ]);
    const environments = (count: number) =>
      Array.from({ length: count }, (_, i) => ({
        name: `env-${i}`,
        targets: [],
        gates: { windows: windows(20) },
      }));
    expect(faultsOf(manifest({ environments: environments(10) }))).toEqual([]);
    expect(faultsOf(manifest({ environments: environments(11) }))).toEqual([
      'spec has more than 200 windows in all its gates',
    ]);
  });
});
