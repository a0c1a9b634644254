import { formatFault } from '../../../src/resources/faults';
import { readPromotionPolicy } from '../../../src/resources/promotion-policy-schema';
import { codeBlocks, page } from '../docs/pages';

const head = 'apiVersion: pipelines.weave.works/v1alpha1\nkind: PromotionPolicy\n';
const read = (text: string) => readPromotionPolicy(text, 'policy.yaml');
const faultsOf = (text: string) => {
  const { policy, faults } = read(text);
  expect(policy).toBeUndefined();
  return faults.map(formatFault);
};
/** The faults of a policy with these rules, in YAML's flow style, on line 4. */
const faultsOfRule = (rule: string) => faultsOf(`${head}rules:\n  - ${rule}\n`);

describe("an operator's policy", () => {
  it('is read with all its selectors and gates', () => {
    const { policy, faults } = read(`${head}rules:
  - name: production
    namespaces: [payments, shop-*]
    environments: ['prod*']
    environmentLabels: { tier: production }
    gates:
      approvals: { required: 2, groups: [release-managers], expiresAfter: 72h }
      promoteOn: tested
      soak: 24h
      stage: merge
      windows:
        - { schedule: 0 9 * * 1-5, duration: 8h, timeZone: Europe/Berlin }
      dependsOn:
        - { namespace: platform, pipeline: database, environment: prod, version: '>=1.2' }
  - name: everywhere
    gates: { soak: 10m }
`);
    expect(faults).toEqual([]);
    expect(policy).toEqual({
      rules: [
        {
          name: 'production',
          namespaces: ['payments', 'shop-*'],
          environments: ['prod*'],
          environmentLabels: { tier: 'production' },
          gates: {
            approvals: { required: 2, groups: ['release-managers'], expiresAfterMs: 72 * 3_600_000 },
            promoteOn: 'tested',
            soakMs: 24 * 3_600_000,
            stage: 'merge',
            windows: [
              {
                kind: 'allow',
                schedule: '0 9 * * 1-5',
                durationMs: 8 * 3_600_000,
                timeZone: 'Europe/Berlin',
              },
            ],
            dependsOn: [
              {
                pipeline: { namespace: 'platform', name: 'database' },
                environment: 'prod',
                version: '>=1.2',
              },
            ],
          },
        },
        { name: 'everywhere', gates: { soakMs: 600_000 } },
      ],
    });
  });

  it('is valid in the documentation', () => {
    const examples = codeBlocks(page('docs/gates.md')).filter(({ text }) => text.includes('PromotionPolicy'));
    expect(examples.map(({ text }) => read(text).faults)).toEqual([[]]);
  });

  it('can ask for nothing, to end a policy without a restart', () => {
    expect(read(`${head}rules: []\n`)).toEqual({ policy: { rules: [] }, faults: [] });
  });

  it.each<readonly [what: string, text: string, faults: readonly string[]]>([
    ['an empty file', '', ['policy.yaml: contains no PromotionPolicy']],
    ['comments only', '# later\n', ['policy.yaml: contains no PromotionPolicy']],
    ['no YAML', `${head}rules: [`, [expect.stringContaining('is not valid YAML') as string]],
    [
      'another kind',
      'apiVersion: v1\nkind: ConfigMap\nrules: []\n',
      [
        'policy.yaml:1: apiVersion: must be pipelines.weave.works/v1alpha1',
        'policy.yaml:2: kind: must be PromotionPolicy',
      ],
    ],
    ['no rules', head, ['policy.yaml:1: rules: is required']],
    [
      'two documents',
      `${head}rules: []\n---\n${head}rules: []\n`,
      ['policy.yaml: contains several documents: put all rules into one'],
    ],
    ['a key twice', `${head}rules: []\nrules: []\n`, ['policy.yaml:4: has the same key twice']],
    ['a list', '- a\n', ['policy.yaml:1: must be a map of fields']],
  ])('is invalid with %s', (_what, text, faults) => {
    expect(faultsOf(text)).toEqual(faults);
  });

  it.each<readonly [what: string, rule: string, faults: readonly string[]]>([
    ['without a name', '{ gates: { soak: 1h } }', ['rules[0].name: is required']],
    ['without gates', '{ name: a }', ['rules[0].gates: is required']],
    [
      'whose selector is misspelt: it would apply elsewhere',
      '{ name: a, enviroments: [prod], gates: { soak: 1h } }',
      ['rules[0].enviroments: unknown field; did you mean `environments`?'],
    ],
    [
      'whose gate is misspelt: it would ask for less',
      '{ name: a, gates: { soak: 1h, aprovals: { required: 2 } } }',
      ['rules[0].gates.aprovals: unknown field; did you mean `approvals`?'],
    ],
    [
      'with a gate that only a Pipeline has',
      '{ name: a, gates: { soak: 1h, autoMerge: true } }',
      ['rules[0].gates.autoMerge: unknown field'],
    ],
    ...[
      '{}',
      '{ soak: 0s }',
      '{ windows: [] }',
      '{ dependsOn: [] }',
      '{ promoteOn: upgraded, stage: merge }',
    ].map((gates): readonly [string, string, readonly string[]] => [
      `that asks for nothing with ${gates}`,
      `{ name: a, gates: ${gates} }`,
      [
        'rules[0].gates: asks for nothing: set approvals, dependsOn, soak, windows or "promoteOn: tested", or remove the rule',
      ],
    ]),
    [
      'with empty selectors, which could mean all or none',
      '{ name: a, namespaces: [], environments: [], environmentLabels: {}, gates: { soak: 1h } }',
      [
        'rules[0].namespaces: must not be empty',
        'rules[0].environments: must not be empty',
        'rules[0].environmentLabels: must not be empty: leave it out to select all',
      ],
    ],
    [
      'with a dependency whose namespace is open',
      "{ name: a, gates: { dependsOn: [{ pipeline: db, environment: prod, version: '>=1' }] } }",
      [
        'rules[0].gates.dependsOn[0].namespace: is required: a rule can apply to Pipelines of several namespaces',
      ],
    ],
    [
      'with a range that is none',
      '{ name: a, gates: { dependsOn: [{ namespace: a, pipeline: db, environment: prod, version: newest }] } }',
      ['rules[0].gates.dependsOn[0].version: must be a range of versions, such as ">=1.2"'],
    ],
    [
      'with a schedule that never occurs',
      '{ name: a, gates: { windows: [{ schedule: 0 0 30 2 *, duration: 1h }] } }',
      [expect.stringMatching(/^rules\[0\]\.gates\.windows\[0\]\.schedule: /) as string],
    ],
    [
      'with a time zone that there is not',
      '{ name: a, gates: { windows: [{ schedule: 0 9 * * *, duration: 1h, timeZone: Europe/Atlantis }] } }',
      [expect.stringMatching(/^rules\[0\]\.gates\.windows\[0\]\.timeZone: /) as string],
    ],
    [
      'with too many approvals',
      '{ name: a, gates: { approvals: { required: 11 } } }',
      ['rules[0].gates.approvals.required: must be a number from 1 to 10'],
    ],
  ])('is invalid with a rule %s', (_what, rule, faults) => {
    const found = faultsOfRule(rule);
    expect(found.map((fault) => fault.replace('policy.yaml:4: ', ''))).toEqual(faults);
  });

  it('is invalid if two rules have one name, since people are told the name', () => {
    const rule = '{ name: a, gates: { soak: 1h } }';
    expect(faultsOf(`${head}rules:\n  - ${rule}\n  - ${rule}\n`)).toEqual([
      'policy.yaml:5: rules[1].name: is also the name of an earlier rule',
    ]);
  });

  it('has limits', () => {
    const rules = Array.from({ length: 101 }, (_, index) => `  - { name: r${index}, gates: { soak: 1h } }\n`);
    expect(faultsOf(`${head}rules:\n${rules.join('')}`)).toEqual([
      'policy.yaml:4: rules: has more than 100 entries',
    ]);
  });
});
