import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { validatePipelines } from '../../../src/program/commands/pipeline-validate';
import { inlineParser } from '../../support/inline-parser';

const fixture = (name: string) => resolve(__dirname, '../../fixtures/config', name);

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'windlass-validate-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function validate(...paths: string[]): Promise<{ readonly code: number; readonly said: string[] }> {
  const said: string[] = [];
  const code = await validatePipelines(paths, inlineParser, (line) =>
    said.push(line.replaceAll(`${directory}/`, '')),
  );
  return { code, said };
}

async function put(name: string, text: string): Promise<string> {
  const path = join(directory, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, text);
  return path;
}

const pipeline = ({
  name = 'shop',
  targets = '[{ namespace: shop }]',
  strategy = 'notification: {}',
  key = true,
}) => `
apiVersion: pipelines.weave.works/v1alpha1
kind: Pipeline
metadata: { name: ${name}, namespace: apps }
spec:
  appRef: { apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, name: shop }
  environments:
    - { name: dev, targets: ${targets} }
    - { name: prod, targets: [{ namespace: shop-prod }] }
  promotion: { strategy: { ${strategy}${key ? ', secretRef: { name: webhook }' : ''} } }
`;
const secret = (fields: string, name = 'webhook') =>
  `---\n{ apiVersion: v1, kind: Secret, metadata: { name: ${name}, namespace: apps }, ${fields} }\n`;
const onProvider = (type: string) =>
  `pull-request: { type: ${type}, url: https://git.example.com/a/b, secretRef: { name: webhook } }`;

describe('windlass pipeline validate', () => {
  it('says that all is well where it is', async () => {
    const file = await put('a.yaml', pipeline({}) + secret('stringData: { hmac-key: key }'));
    expect(await validate(file)).toEqual({
      code: 0,
      said: ['a.yaml: Pipeline apps/shop is valid: dev → prod', 'a.yaml: Secret apps/webhook is valid'],
    });
  });

  it('warns of what the service does not have, which is no error', async () => {
    const style = 'labels: [a], reviewers: { users: [ada], teams: [sre] }';
    const strategy = onProvider('gitlab').replace(/ }$/, `, ${style} }`);
    const file = await put(
      'a.yaml',
      pipeline({ strategy }) + secret('stringData: { hmac-key: key, token: t }'),
    );
    const { code, said } = await validate(file);
    expect(code).toBe(0);
    expect(said.filter((line) => line.startsWith('warning'))).toEqual([
      expect.stringMatching(
        /Pipeline apps\/shop: pull-request\.reviewers\.teams has no effect on gitlab: GitLab asks/,
      ),
    ]);
  });

  it('judges Freezes, and says what an invalid one does', async () => {
    const freeze = (name: string, spec: string) =>
      `---\n{ apiVersion: pipelines.weave.works/v1alpha1, kind: Freeze, metadata: { name: ${name}, namespace: apps }, spec: ${spec} }\n`;
    const good = await put('a.yaml', freeze('holidays', '{ reason: Holidays }'));
    expect(await validate(good)).toEqual({ code: 0, said: ['a.yaml: Freeze apps/holidays is valid'] });
    const bad = await put(
      'b.yaml',
      freeze('untill', '{ reason: Holidays, untill: 2027-01-02T00:00:00Z }') +
        freeze('soon', '{ until: soon }'),
    );
    const { code, said } = await validate(bad);
    expect(code).toBe(1);
    expect(said).toEqual([
      'b.yaml:4: spec.reason: is required; until it is fixed, this Freeze holds everything in its namespace',
      'b.yaml:4: spec.until: must be a time of RFC 3339, such as 2026-12-24T18:00:00+01:00',
      'b.yaml:2: spec.untill: unknown field; did you mean `until`?',
    ]);
  });

  it('warns of a Pipeline whose events get 401', async () => {
    const { code, said } = await validate(fixture('no-secret-ref.yaml'));
    expect(code).toBe(0);
    expect(said).toContainEqual(
      expect.stringMatching(
        /^warning: .*no-secret-ref\.yaml: Pipeline flux-system\/podinfo-gitlab: no strategy\.secretRef and no allow-unsigned: its events get 401/,
      ),
    );
  });

  it('takes SOPS ciphertext and unsubstituted variables for no values', async () => {
    const { code, said } = await validate(fixture('encrypted-secret.yaml'));
    expect(code).toBe(1);
    expect(said.map((line) => line.replace(/^.*yaml/, ''))).toEqual([
      ':8: stringData.hmac-key: is encrypted by SOPS: decrypt it first',
      ':23: stringData.hmac-key: holds an unsubstituted variable: put the value in its place',
    ]);
  });

  it.each([
    [
      'SOPS ciphertext in data',
      'data: { hmac-key: "ENC[AES256_GCM,data:xx,iv:yy,tag:zz,type:str]" }',
      'encrypted by SOPS',
    ],
    ['a variable with a default', 'stringData: { hmac-key: "${KEY:-none}" }', 'unsubstituted variable'],
    ['a variable inside of a value', 'stringData: { hmac-key: "a-${KEY}-b" }', 'unsubstituted variable'],
    [
      'a variable in base64',
      `data: { hmac-key: ${Buffer.from('${KEY}\n').toString('base64')} }`,
      'unsubstituted variable',
    ],
  ])('refuses %s, with and without its Pipeline', async (_, fields, reason) => {
    const alone = await validate(await put('a.yaml', secret(fields)));
    expect(alone).toEqual({ code: 1, said: [expect.stringContaining(reason)] });
    const both = await validate(await put('b.yaml', pipeline({}) + secret(fields)));
    expect(both.said).toContainEqual(
      expect.stringMatching(new RegExp(`^b.yaml: Pipeline apps/shop: The Secret apps/webhook .*${reason}`)),
    );
  });

  it.each(['price: ${5}', '$KEY', '{{ key }}', 'ENC[', '${', 'a}{b$'])('takes %j for a key', async (key) => {
    const file = await put('a.yaml', secret(`stringData: { hmac-key: ${JSON.stringify(key)} }`));
    expect((await validate(file)).code).toBe(0);
  });

  it.each(['hmac_key', 'hmackey', 'HMAC-KEY', 'hmac-kye'])(
    'names the misspelt key %s of a Secret',
    async (key) => {
      const file = await put('a.yaml', pipeline({}) + secret(`stringData: { ${key}: value }`));
      const { code, said } = await validate(file);
      expect(code).toBe(1);
      expect(said).toContain(
        `a.yaml: Pipeline apps/shop: The Secret apps/webhook has no hmac-key, but ${key}: rename it to hmac-key.`,
      );
      expect(said.join('\n')).not.toContain('value');
    },
  );

  it.each([
    [
      'a provider that there is not',
      { strategy: onProvider('generic') },
      'pull-request.type: must be one of',
    ],
    ['an environment without targets', { targets: '[]' }, 'spec.environments[0].targets is empty'],
    [
      'an unknown field',
      { strategy: 'notification: {}, secretref: { name: webhook }', key: false },
      'did you mean `secretRef`?',
    ],
  ])('refuses %s', async (_, fields, reason) => {
    const { code, said } = await validate(
      await put('a.yaml', pipeline(fields) + secret('stringData: { hmac-key: a, token: b }')),
    );
    expect(code).toBe(1);
    expect(said).toContainEqual(expect.stringContaining(reason));
    expect(said.join('\n')).not.toContain('apps/shop is valid');
  });

  it('refuses an environment that depends on itself', async () => {
    const itself = "{ pipeline: shop, environment: prod, version: '>=1' }";
    const file = await put('a.yaml', `${pipeline({})}  gates: { dependsOn: [${itself}] }\n`);
    const { code, said } = await validate(file);
    expect(code).toBe(1);
    expect(said).toContainEqual(
      expect.stringMatching(
        /^a\.yaml: Pipeline apps\/shop: gates\.dependsOn of prod names apps\/shop in prod, so prod/,
      ),
    );
  });

  it('notes a Secret that is not given along, which may be in the cluster', async () => {
    const { code, said } = await validate(await put('a.yaml', pipeline({})));
    expect(code).toBe(0);
    expect(said).toContain(
      'note: a.yaml: Pipeline apps/shop: not in these files: The Secret apps/webhook does not exist: create it, with the key hmac-key.',
    );
  });

  it('reads all YAML files below a directory', async () => {
    await put('team/a.yaml', pipeline({}));
    await put('team/deeper/b.yml', secret('stringData: { hmac-key: key }'));
    await put('values.yaml', 'replicas: 1\n');
    await put('notes.txt', 'kind: Pipeline');
    expect(await validate(directory)).toEqual({
      code: 0,
      said: [
        'team/a.yaml: Pipeline apps/shop is valid: dev → prod',
        'team/deeper/b.yml: Secret apps/webhook is valid',
      ],
    });
  });

  it('fails for a directory with nothing in it, and for one that is not there', async () => {
    expect((await validate(directory)).said).toEqual([
      expect.stringContaining('contains no Pipeline, Freeze or Secret'),
    ]);
    expect((await validate(directory)).code).toBe(1);
    expect((await validate(join(directory, 'none'))).code).toBe(1);
  });
});
