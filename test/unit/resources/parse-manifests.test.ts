import { parse } from 'yaml';
import { formatFault, maxManifestBytes, parseManifests } from '../../../src/resources/parse-manifests';
import { combineManifests } from '../../../src/resources/manifest-set';

const pipeline = (name: string) => `apiVersion: pipelines.weave.works/v1alpha1
kind: Pipeline
metadata:
  name: ${name}
  namespace: apps
spec:
  appRef: { apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, name: shop }
  environments:
    - name: dev
      targets: [{ namespace: shop }]
`;
const secret = (fields: string, name = 'webhook') =>
  `{ apiVersion: v1, kind: Secret, metadata: { name: ${name}, namespace: apps }, ${fields} }\n`;

const read = (text: string) => parseManifests(text, 'a.yaml');
const namesIn = (text: string) => read(text).pipelines.map(({ name }) => name);
const faultsIn = (text: string) => read(text).faults.map(formatFault);
const secretIn = (fields: string) =>
  Object.fromEntries(
    Object.entries(read(secret(fields)).secrets[0]?.data ?? {}).map(([key, bytes]) => [
      key,
      Buffer.from(bytes).toString('latin1'),
    ]),
  );

describe('a file of manifests', () => {
  it('may hold several documents and lists', () => {
    const list = `kind: List\napiVersion: v1\nitems:\n- ${pipeline('b').replaceAll('\n', '\n  ')}\n`;
    expect(namesIn(`${pipeline('a')}---\n---\n${list}---\n${pipeline('c')}`)).toEqual(['a', 'b', 'c']);
  });

  it.each([
    ['nothing', ''],
    ['a comment', '# nothing\n'],
    ['values', 'replicas: 1\n'],
    ['a scalar', 'text\n'],
    ['another kind', 'apiVersion: v1\nkind: ConfigMap\ndata: 1\n'],
    ["Tekton's Pipeline", 'apiVersion: tekton.dev/v1\nkind: Pipeline\n'],
    ['a list of other things', 'kind: List\nitems: [1, { kind: ConfigMap }]\n'],
    ['a list without items', 'kind: List\n'],
  ])('with %s in it has no faults', (_, text) => {
    expect(read(text)).toMatchObject({
      pipelines: [],
      secrets: [],
      faults: [],
      warnings: [],
      wellFormed: true,
    });
  });

  it('is read in spite of a byte order mark and of CRLF', () => {
    expect(namesIn(`\uFEFF${pipeline('a').replaceAll('\n', '\r\n')}`)).toEqual(['a']);
  });

  it('may use anchors and merge keys', () => {
    const text = pipeline('a').replace(
      /targets:.*/,
      'targets: &t [{ namespace: shop }]\n    - name: prod\n      targets: *t\n    - { <<: { name: last }, targets: *t }',
    );
    expect(read(text).pipelines[0]?.environments.map(({ name }) => name)).toEqual(['dev', 'prod', 'last']);
  });

  it('keeps its good objects beside a bad one, which is named with its line', () => {
    const bad = pipeline('Bad').replace('- name: dev', '- label: dev');
    expect(namesIn(`${pipeline('a')}---\n${bad}---\n${pipeline('c')}`)).toEqual(['a', 'c']);
    expect(faultsIn(`${pipeline('a')}---\n${bad}---\n${pipeline('c')}`)).toEqual([
      'a.yaml:15: metadata.name: must be a Kubernetes name: lower-case letters, digits, "-" and "."',
      'a.yaml:20: spec.environments[0].name: is required',
    ]);
  });

  it('names the place within a list', () => {
    expect(
      faultsIn(`kind: List\nitems:\n  - kind: ConfigMap\n${secret('data: []').replace('{', '  - {')}`),
    ).toEqual(['a.yaml:4: items[1].data: must be a map of fields']);
  });

  it.each([
    ['key: "s3cret\n', 2, 'a quote, bracket, comma or colon is missing'],
    ['s3cret: 1\ns3cret: 2\n', 2, 'has the same key twice'],
    ['a:\n\t- s3cret\n', 2, 'indentation'],
    ['a: *s3cret\n', 1, 'uses an anchor that is not defined, in a circle or too often'],
    ['{{ if s3cret }}\na: {{ s3cret }}\n', 2, 'is not valid YAML'],
    ['a: &a [*a]\n', 1, 'uses an anchor that is not defined, in a circle or too often'],
    [`a: ${'['.repeat(5_000)}\n`, 1, 'nests deeper than 100 levels'],
  ])('that is not YAML is a fault: %j', (text, line, reason) => {
    const manifests = read(text);
    expect(manifests.wellFormed).toBe(false);
    expect(manifests.faults[0]).toMatchObject({ source: 'a.yaml', line, path: '' });
    expect(manifests.faults.map(formatFault).join()).toContain(reason);
    expect(JSON.stringify(manifests)).not.toContain('s3cret');
  });

  const repeated = (count: number, line: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => line(index)).join('');

  it.each([
    ['brackets', '['.repeat(600_000), 'nests deeper than 100 levels'],
    ['braces', '{a: '.repeat(100_000), 'nests deeper than 100 levels'],
    ['items in items', `${'- '.repeat(300_000)}a`, 'nests deeper than 100 levels'],
    ['keys that are mappings', `${'? '.repeat(300_000)}a`, 'nests deeper than 100 levels'],
    ['indentation', repeated(1_000, (level) => `${' '.repeat(level)}k:\n`), 'nests deeper than 100 levels'],
    [
      'levels of indentation below a stray bracket',
      `]\n${repeated(1_000, (level) => `${' '.repeat(level)}k:\n`)}`,
      'nests deeper than 100 levels',
    ],
    [
      'items in items in deeper lines',
      repeated(60, (level) => `${' '.repeat(level * 20)}${'- '.repeat(9)}- a:\n`),
      'nests deeper than 100 levels',
    ],
    ['keys', repeated(45_000, (index) => `k${index}: ${index}\n`), 'has too many fields: split it'],
    ['anchors', repeated(60_000, (index) => `- &a${index} x\n`), 'has too many fields: split it'],
    ['documents', '---\n'.repeat(200_000), 'has too many fields: split it'],
  ])('that has very many %s is refused before it is parsed', (_name, text, reason) => {
    expect(read(text)).toMatchObject({ wellFormed: false, faults: [{ line: 1, reason }] });
  });

  it('may have hundreds of Pipelines, also as JSON on one line', () => {
    const names = Array.from({ length: 500 }, (_, index) => `shop-${index}`);
    expect(namesIn(names.map((name) => pipeline(name)).join('---\n'))).toEqual(names);
    const items = names.map((name) => parse(pipeline(name)) as unknown);
    expect(namesIn(JSON.stringify({ kind: 'List', items }))).toEqual(names);
  });

  it('keeps its good documents beside a broken one', () => {
    expect(namesIn(`${pipeline('a')}---\na: "\n`)).toEqual(['a']);
  });

  it('has its first hundred errors and unknown fields listed', () => {
    const many = read('a: "\\q"\n---\n'.repeat(150));
    expect(many.faults).toHaveLength(101);
    expect(formatFault(many.faults[100] ?? { source: '', path: '', reason: '' })).toBe(
      'a.yaml: has 50 more errors',
    );
    const fields = Array.from({ length: 120 }, (_, index) => `  x${index}: 1\n`).join('');
    const { warnings, pipelines } = read(pipeline('a') + fields);
    expect(pipelines).toHaveLength(1);
    expect(warnings.map(formatFault).slice(99)).toEqual([
      'a.yaml:110: spec.x99: unknown field',
      'a.yaml: has 20 more unknown fields',
    ]);
  });

  it('refuses a bomb of anchors', () => {
    const levels = Array.from({ length: 12 }, (_, n) =>
      n === 0
        ? 'a0: &a0 [x, x, x]'
        : `a${n}: &a${n} [${Array(9)
            .fill(`*a${n - 1}`)
            .join(', ')}]`,
    );
    expect(faultsIn(levels.join('\n'))).toEqual([
      'a.yaml:1: uses an anchor that is not defined, in a circle or too often',
    ]);
  });

  it.each([
    ['a long list', `a: &a [${'{k: v},'.repeat(10_000)}]\nb: [${'*a,'.repeat(99)}]\n`],
    ['a long text', `a: &a ${'x'.repeat(200_000)}\nb: [${'*a,'.repeat(99)}]\n`],
    ['itself, in very many places', repeated(15_000, (n) => `- &a${n} [*a${Math.max(0, n - 1)}]\n`)],
  ])('refuses aliases that repeat %s', (_, text) => {
    expect(faultsIn(text)).toEqual([
      'a.yaml:1: uses an anchor that is not defined, in a circle or too often',
    ]);
  });

  it('may name the same anchor in a hundred places', () => {
    const targets = `&t [${'{ namespace: shop }, '.repeat(50)}]`;
    const prod = (index: number) => `\n    - name: prod-${index}\n      targets: *t`;
    const text = pipeline('a').replace(/targets:.*/, `targets: ${targets}${repeated(99, prod)}`);
    expect(read(text).pipelines[0]?.environments).toHaveLength(100);
  });

  it('refuses more than a megabyte', () => {
    const text = pipeline('a');
    expect(namesIn(text + '#'.repeat(maxManifestBytes - text.length))).toEqual(['a']);
    const tooMuch = read(text + '#'.repeat(maxManifestBytes - text.length + 1));
    expect(tooMuch).toMatchObject({ pipelines: [], wellFormed: false });
    expect(tooMuch.faults.map(formatFault)).toEqual(['a.yaml: is larger than 1024 KiB: split it']);
  });

  it('reports unknown fields as warnings, with their lines', () => {
    const manifests = read(`${pipeline('a')}  promotions: {}\n`);
    expect(manifests.pipelines).toHaveLength(1);
    expect(manifests.warnings.map(formatFault)).toEqual([
      'a.yaml:11: spec.promotions: unknown field; did you mean `promotion`?',
    ]);
  });
});

describe('a Secret in a file', () => {
  it('is decoded byte for byte, also when its base64 is wrapped', () => {
    expect(secretIn('type: Opaque, data: { a: AP8=, b: "YWJj\\nZGVm\\n", c: "", d: null }')).toEqual({
      a: '\u0000\u00ff',
      b: 'abcdef',
      c: '',
    });
  });

  it('lets stringData win, untrimmed and as UTF-8', () => {
    expect(secretIn('data: { a: b2xk, b: b2xk }, stringData: { a: " é\\n" }')).toEqual({
      a: Buffer.from(' é\n').toString('latin1'),
      b: 'old',
    });
  });

  it('may have a key that every object has', () => {
    const data = read(secret('stringData: { constructor: y, toString: z }')).secrets[0]?.data;
    expect(Object.keys(data ?? {})).toEqual(['constructor', 'toString']);
  });

  it.each([
    ['data: { key: "s3cret!" }', 'data.key: is not base64: encode it, or move it to stringData'],
    ['data: { key: YWJ }', 'data.key: is not base64: encode it, or move it to stringData'],
    ['data: { key: "YW Jj" }', 'data.key: is not base64: encode it, or move it to stringData'],
    ['data: { key: YWJj_w== }', 'data.key: is not base64: encode it, or move it to stringData'],
    ['data: { key: 1234 }', 'data.key: must be a string and is a number: put quotes around it'],
    ['stringData: { key: 1234 }', 'stringData.key: must be a string and is a number: put quotes around it'],
    ['stringData: { key: [s3cret] }', 'stringData.key: must be a string'],
    ['data: s3cret', 'data: must be a map of fields'],
  ])('with %s is refused, and its value not repeated', (fields, fault) => {
    const manifests = read(secret(fields));
    expect(manifests.secrets).toEqual([]);
    expect(manifests.faults.map(formatFault)).toEqual([`a.yaml:1: ${fault}`]);
    expect(JSON.stringify(manifests)).not.toMatch(/s3cret|1234|YW/);
  });
});

describe('several files', () => {
  it('are one set, in which the first of two namesakes counts', () => {
    const second = pipeline('shop').replace('name: dev', 'name: test');
    const set = combineManifests([
      parseManifests(pipeline('shop') + '---\n' + secret('stringData: { a: first }'), 'a.yaml'),
      parseManifests(
        second + '---\n' + pipeline('cart') + '---\n' + secret('stringData: { a: b }'),
        'b.yaml',
      ),
    ]);
    expect([...set.pipelines.keys()]).toEqual(['apps/shop', 'apps/cart']);
    expect(set.pipelines.get('apps/shop')?.environments[0]?.name).toBe('dev');
    expect(Buffer.from(set.secrets.get('apps/webhook')?.['a'] ?? []).toString()).toBe('first');
    expect(set.faults.map(formatFault)).toEqual([
      'b.yaml: metadata.name: Pipeline apps/shop is already defined in a.yaml: this one is ignored',
      'b.yaml: metadata.name: Secret apps/webhook is already defined in a.yaml: this one is ignored',
    ]);
  });

  it('may name a Pipeline and a Secret alike', () => {
    const set = combineManifests([read(`${pipeline('shop')}---\n${secret('data: {}', 'shop')}`)]);
    expect(set.faults).toEqual([]);
  });
});
