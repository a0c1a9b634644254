import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { readPipelineManifest } from '../../../src/resources/pipeline-schema';

/** What of a schema decides which manifests it takes. */
interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly default?: unknown;
  readonly pattern?: string;
  readonly maxLength?: number;
}

interface Crd {
  readonly spec: {
    readonly names: { readonly shortNames: readonly string[] };
    readonly versions: readonly {
      readonly name: string;
      readonly subresources: unknown;
      readonly additionalPrinterColumns: readonly { readonly name: string }[];
      readonly schema: { readonly openAPIV3Schema: Schema };
    }[];
  };
}

const crd = parse(
  readFileSync(
    path.join(__dirname, '../../../charts/windlass/crds/pipelines.weave.works_pipelines.yaml'),
    'utf8',
  ),
) as Crd;
const [version] = crd.spec.versions;
const crdSchema = version!.schema.openAPIV3Schema;

/** Every schema below this one, and itself. */
function all(schema: Schema, at: string): [string, Schema][] {
  const { additionalProperties } = schema;
  return [
    [at, schema],
    ...Object.entries(schema.properties ?? {}).flatMap(([name, field]) => all(field, `${at}.${name}`)),
    ...(schema.items === undefined ? [] : all(schema.items, `${at}[]`)),
    ...(typeof additionalProperties === 'object' ? all(additionalProperties, `${at}{}`) : []),
  ];
}

const spec = (schema: Schema) => schema.properties!['spec']!;

describe('the CustomResourceDefinition', () => {
  it('leaves the spec as its owner wrote it', () => {
    const defaults = all(spec(crdSchema), 'spec').filter(([, schema]) => schema.default !== undefined);
    expect(defaults).toEqual([]);
  });

  it('has rules only for fields that pipeline-controller did not know', () => {
    const shape = ['type', 'description', 'properties', 'required', 'items', 'enum'];
    const ruled = all(spec(crdSchema), '').flatMap(([at, schema]) =>
      Object.keys(schema).some((key) => !shape.includes(key)) ? [at.split('.').at(-1)] : [],
    );
    expect(new Set(ruled)).toEqual(
      new Set([
        'apiUrl',
        'dependsOn',
        'pipeline',
        'namespace',
        'environment',
        'version',
        'deployTimeout',
        'expireAfter',
        'labels',
        'labels[]',
        'title',
        'body',
        'teams',
        'teams[]',
        'assignees',
        'assignees[]',
        'windows',
        'schedule',
        'duration',
        'timeZone',
        'soak',
        'required',
        'users',
        'users[]',
        'groups',
        'groups[]',
        'expiresAfter',
      ]),
    );
  });

  it('describes every field', () => {
    const bare = all(crdSchema, '').filter(([at, schema]) => at !== '.metadata' && !schema.description);
    expect(bare.map(([at]) => at)).toEqual([]);
  });

  it('shows at a glance whether a Pipeline is ready, and why', () => {
    expect(version!.additionalPrinterColumns.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Ready', 'Status', 'Age']),
    );
    expect(crd.spec.names.shortNames).toHaveLength(1);
    expect(version!.subresources).toEqual({ status: {} });
  });
});

describe("the CustomResourceDefinition's rule for apiUrl", () => {
  const rules = all(spec(crdSchema), '').filter(([at]) => at.endsWith('.apiUrl'));
  const isTakenByCrd = (apiUrl: string) =>
    rules.every(
      ([, { pattern, maxLength }]) => new RegExp(pattern!).test(apiUrl) && apiUrl.length <= maxLength!,
    );
  const isTakenByUs = (apiUrl: string) => {
    const pullRequest = {
      type: 'github',
      url: 'https://git.example.com/a/b',
      apiUrl,
      secretRef: { name: 'a' },
    };
    const { faults } = readPipelineManifest({
      apiVersion: 'pipelines.weave.works/v1alpha1',
      kind: 'Pipeline',
      metadata: { name: 'shop', namespace: 'apps' },
      spec: {
        appRef: { apiVersion: 'v1', kind: 'HelmRelease', name: 'shop' },
        environments: [{ name: 'dev', targets: [] }],
        promotion: { strategy: { 'pull-request': pullRequest } },
      },
    });
    return faults.length === 0;
  };

  it.each([
    'https://git.example.com',
    'https://git.example.com:8443/api/v3/',
    'https://[2001:db8::1]/api',
    'http://localhost:3000/api',
    'http://127.0.0.1',
    'http://[::1]:80/',
    `https://git.example.com/${'a'.repeat(1000)}`,
  ])('takes %s', (apiUrl) => {
    expect([isTakenByCrd(apiUrl), isTakenByUs(apiUrl)]).toEqual([true, true]);
  });

  it.each([
    'git.example.com',
    'ssh://git@git.example.com',
    'http://git.example.com',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com',
    'https://user:password@git.example.com',
    'https://git.example.com/?page=1',
    'https://git.example.com/#top',
    '',
    `https://git.example.com/${'a'.repeat(1001)}`,
  ])('refuses %j', (apiUrl) => {
    expect([isTakenByCrd(apiUrl), isTakenByUs(apiUrl)]).toEqual([false, false]);
  });
});

describe("the CustomResourceDefinition's rules for windows", () => {
  it.each([
    ['schedule', '0 9 * * 1-5'],
    ['schedule', '*/15 0-23/2 1,15 JAN-MAR mon-FRI'],
    ['schedule', '0  9 * * 0,7'],
    ['duration', '1h30m'],
    ['duration', '1.5h'],
    ['timeZone', 'America/Argentina/Buenos_Aires'],
    ['timeZone', 'Etc/GMT+5'],
  ])('take the %s %p, as we do', (field, value) => {
    const rules = all(spec(crdSchema), '').filter(([at]) => at.endsWith(`.${field}`));
    expect(rules).toHaveLength(2);
    for (const [, { pattern }] of rules) expect(value).toMatch(new RegExp(pattern!));
    const window = { schedule: '0 9 * * *', duration: '8h', [field]: value };
    const { faults } = readPipelineManifest({
      apiVersion: 'pipelines.weave.works/v1alpha1',
      kind: 'Pipeline',
      metadata: { name: 'shop', namespace: 'apps' },
      spec: {
        appRef: { apiVersion: 'v1', kind: 'HelmRelease', name: 'shop' },
        environments: [{ name: 'dev', targets: [] }],
        gates: { windows: [window] },
      },
    });
    expect(faults).toEqual([]);
  });
});
