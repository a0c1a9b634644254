import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { formatPath } from '../../../src/resources/faults';
import { readFreezeManifest } from '../../../src/resources/freeze-schema';
import { combineManifests } from '../../../src/resources/manifest-set';
import { parseManifests } from '../../../src/resources/parse-manifests';

const freeze = (spec: unknown, metadata: object = {}) => ({
  apiVersion: 'pipelines.weave.works/v1alpha1',
  kind: 'Freeze',
  metadata: { name: 'holidays', namespace: 'apps', ...metadata },
  spec,
});
const faultsOf = (spec: unknown) =>
  readFreezeManifest(freeze(spec)).faults.map((fault) => `${formatPath(fault.path)} ${fault.reason}`);

describe('a Freeze', () => {
  it('needs a reason alone', () => {
    expect(readFreezeManifest(freeze({ reason: 'Holidays' }))).toEqual({
      value: { namespace: 'apps', name: 'holidays', reason: 'Holidays' },
      faults: [],
      warnings: [],
    });
  });

  it('is read with all its fields', () => {
    const spec = {
      reason: 'Holidays',
      author: 'alice',
      from: '2026-12-23T18:00:00+01:00',
      until: '2027-01-04T06:00:00.5Z',
      environments: ['prod'],
      pipelines: { matchLabels: { tier: 'shop' } },
      allNamespaces: true,
    };
    expect(readFreezeManifest(freeze(spec)).value).toEqual({
      namespace: 'apps',
      name: 'holidays',
      reason: 'Holidays',
      author: 'alice',
      from: Date.UTC(2026, 11, 23, 17),
      until: Date.UTC(2027, 0, 4, 6, 0, 0, 500),
      environments: ['prod'],
      pipelines: { matchLabels: { tier: 'shop' } },
      allNamespaces: true,
    });
  });

  it('selects Pipelines by name, and by name and label', () => {
    const selected = (pipelines: object) =>
      readFreezeManifest(freeze({ reason: 'a', pipelines })).value?.pipelines;
    expect(selected({ names: ['shop', 'cart'] })).toEqual({ names: ['shop', 'cart'] });
    const both = { names: ['shop'], matchLabels: { tier: 'shop' } };
    expect(selected(both)).toEqual(both);
  });

  it('has notes of the API only where the API made it', () => {
    const annotations = {
      'pipelines.weave.works/suspends': 'true',
      'pipelines.weave.works/ended-by': 'oidc:alice',
    };
    const noted = (labels: object) =>
      readFreezeManifest(freeze({ reason: 'Database' }, { labels, annotations })).value;
    expect(noted({ 'app.kubernetes.io/managed-by': 'windlass' })).toMatchObject({
      suspends: true,
      endedBy: 'oidc:alice',
    });
    expect(noted({ 'app.kubernetes.io/managed-by': 'Helm' })).toEqual({
      namespace: 'apps',
      name: 'holidays',
      reason: 'Database',
    });
  });

  const badTime = 'must be a time of RFC 3339, such as 2026-12-24T18:00:00+01:00';
  const badLine = 'must be on one line, without control characters';
  it.each<readonly [unknown, string]>([
    [undefined, 'spec is required'],
    [{}, 'spec.reason is required'],
    [{ reason: '' }, 'spec.reason must not be empty'],
    [{ reason: '  ' }, 'spec.reason must not be empty'],
    [{ reason: 'a\nb' }, `spec.reason ${badLine}`],
    [{ reason: 'a\u2028b' }, `spec.reason ${badLine}`],
    [{ reason: 'a\u001b[2Jb' }, `spec.reason ${badLine}`],
    [{ reason: 'a'.repeat(513) }, 'spec.reason is longer than 512 characters'],
    [{ reason: 'a', author: ' alice' }, 'spec.author must be a name without space around it'],
    [{ reason: 'a', until: 'tomorrow' }, `spec.until ${badTime}`],
    [{ reason: 'a', until: '2026-12-24' }, `spec.until ${badTime}`],
    [{ reason: 'a', until: '2026-12-24T18:00:00' }, `spec.until ${badTime}`],
    [{ reason: 'a', until: '2026-02-30T18:00:00Z' }, `spec.until ${badTime}`],
    [{ reason: 'a', from: '2026-12-24T24:00:00Z' }, `spec.from ${badTime}`],
    [{ reason: 'a', from: 1_798_761_600 }, 'spec.from must be a string and is a number'],
    [
      { reason: 'a', from: '2026-12-24T18:00:00+01:00', until: '2026-12-24T17:00:00Z' },
      'spec.until must be later than spec.from',
    ],
    [{ reason: 'a', environments: [] }, 'spec.environments must not be empty'],
    [{ reason: 'a', environments: ['a/b'] }, 'spec.environments[0] must be printable'],
    [
      { reason: 'a', environments: Array.from({ length: 51 }, (_, index) => `e${index}`) },
      'spec.environments has more than 50 entries',
    ],
    [{ reason: 'a', pipelines: {} }, 'spec.pipelines must have matchLabels, names, or both'],
    [{ reason: 'a', pipelines: { names: [] } }, 'spec.pipelines.names must not be empty'],
    [{ reason: 'a', pipelines: { names: ['Shop'] } }, 'spec.pipelines.names[0] must be a Kubernetes name'],
    [{ reason: 'a', pipelines: { names: ['apps/shop'] } }, 'spec.pipelines.names[0] must be'],
    [
      { reason: 'a', pipelines: { names: Array.from({ length: 101 }, (_, index) => `p${index}`) } },
      'spec.pipelines.names has more than 100 entries',
    ],
    [{ reason: 'a', pipelines: { matchLabels: { tier: 1 } } }, 'must be a string and is a number'],
    [{ reason: 'a', allNamespaces: 'yes' }, 'spec.allNamespaces must be true or false'],
  ])('of %j is refused: %s', (spec, fault) => {
    expect(faultsOf(spec)).toContainEqual(expect.stringContaining(fault));
  });

  it('has its unknown fields named', () => {
    const { warnings } = readFreezeManifest(freeze({ reason: 'a', untill: '2027-01-04T06:00:00Z' }));
    expect(warnings).toEqual([{ path: ['spec', 'untill'], reason: 'unknown field; did you mean `until`?' }]);
  });
});

describe('Freezes in files', () => {
  const setOf = (...files: readonly string[]) =>
    combineManifests(files.map((text, index) => parseManifests(text, `${'ab'[index]}.yaml`)));
  const text = (spec: string, name = 'holidays') =>
    `apiVersion: pipelines.weave.works/v1alpha1\nkind: Freeze\nmetadata: { name: ${name}, namespace: apps }\nspec: ${spec}\n`;

  it('are read, also from lists', () => {
    const one = text('{ reason: Holidays }');
    const list = JSON.stringify({
      kind: 'FreezeList',
      items: [freeze({ reason: 'Fair' }, { name: 'fair' })],
    });
    const { freezes, faults } = setOf(one, list);
    expect([...freezes.keys()]).toEqual(['apps/holidays', 'apps/fair']);
    expect(faults).toEqual([]);
  });

  it('have a time whether it is quoted or not', () => {
    const { freezes } = setOf(text('{ reason: a, until: 2027-01-04T06:00:00Z }'));
    expect(freezes.get('apps/holidays')?.until).toBe(Date.UTC(2027, 0, 4, 6));
  });

  it('that are invalid hold their whole namespace', () => {
    const { freezes, faults } = setOf(text('{ reason: a, until: soon, environments: [prod] }'));
    expect([...freezes.values()]).toEqual([
      {
        namespace: 'apps',
        name: 'holidays',
        reason: expect.stringMatching(
          /^The Freeze is invalid, so everything waits: spec\.until must be a time/,
        ),
      },
    ]);
    expect(faults).toEqual([
      {
        source: 'a.yaml',
        line: 4,
        path: 'spec.until',
        reason: expect.stringMatching(/until it is fixed, this Freeze holds everything in its namespace$/),
      },
    ]);
  });

  it('that are invalid hold all namespaces where they say so', () => {
    const { freezes } = setOf(text('{ allNamespaces: true }'));
    expect(freezes.get('apps/holidays')).toMatchObject({ allNamespaces: true });
  });

  it('may not have one name twice', () => {
    const { freezes, faults } = setOf(text('{ reason: first }'), text('{ reason: second }'));
    expect(freezes.get('apps/holidays')?.reason).toBe('first');
    expect(faults).toEqual([
      {
        source: 'b.yaml',
        path: 'metadata.name',
        reason: 'Freeze apps/holidays is already defined in a.yaml: this one is ignored',
      },
    ]);
  });

  it('of another API group are not ours', () => {
    const foreign = text('{}').replace('pipelines.weave.works', 'freezer.example.com');
    expect(setOf(foreign)).toMatchObject({ freezes: new Map(), faults: [] });
  });
});

describe('the CustomResourceDefinition of Freezes', () => {
  interface Schema {
    readonly description?: string;
    readonly required?: readonly string[];
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly pattern?: string;
    readonly format?: string;
    readonly maxLength?: number;
    readonly default?: unknown;
  }
  interface Crd {
    readonly spec: {
      readonly names: Readonly<Record<string, unknown>>;
      readonly versions: readonly [
        {
          readonly additionalPrinterColumns: readonly { readonly name: string }[];
          readonly schema: { readonly openAPIV3Schema: Schema };
        },
      ];
    };
  }
  const file = path.join(__dirname, '../../../charts/windlass/crds/pipelines.weave.works_freezes.yaml');
  const crd = parse(readFileSync(file, 'utf8')) as Crd;
  const [version] = crd.spec.versions;
  const { spec } = version.schema.openAPIV3Schema.properties!;

  it('shows why, and until when', () => {
    const columns = version.additionalPrinterColumns.map(({ name }) => name);
    expect(columns).toEqual(expect.arrayContaining(['Reason', 'Until', 'Age']));
    expect(crd.spec.names).toMatchObject({ kind: 'Freeze', listKind: 'FreezeList', plural: 'freezes' });
  });

  it('requires a reason, and describes every field', () => {
    expect(version.schema.openAPIV3Schema.required).toEqual(['spec']);
    expect(spec!.required).toEqual(['reason']);
    for (const field of Object.values(spec!.properties!)) expect(field.description).toBeTruthy();
  });

  it.each(['Holidays', 'Größe über alles, 日本', 'a'.repeat(512)])(
    'takes the reason %j, as we do',
    (reason) => {
      const rule = spec!.properties!['reason']!;
      expect(reason).toMatch(new RegExp(rule.pattern!));
      expect(reason.length).toBeLessThanOrEqual(rule.maxLength!);
      expect(faultsOf({ reason })).toEqual([]);
    },
  );

  it.each(['a\nb', 'a\u0000b', 'a\u0085b'])('refuses the reason %j, as we do', (reason) => {
    expect(reason).not.toMatch(new RegExp(spec!.properties!['reason']!.pattern!));
    expect(faultsOf({ reason })).not.toEqual([]);
  });
});
