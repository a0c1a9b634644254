import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { readPipelineManifest } from '../../src/resources/pipeline-schema';
import { type KubeApiServer, startKubeApiServer } from '../support/kube-api-server';
import {
  createNamespaces,
  installPipelineCrd,
  type KubeObject,
  pipelinesPath,
} from '../support/kube-objects';

type PipelineObject = KubeObject & { readonly spec?: unknown; readonly status?: unknown };

/** See the README there. */
const folder = path.join(__dirname, '../fixtures/pipelines');
const namespace = 'corpus';
const read = (file: string) => readFileSync(path.join(folder, file), 'utf8');

/** As written, under the name of its file. */
function manifest(file: string): PipelineObject {
  const object = parse(read(file)) as PipelineObject;
  const name = file.split('.')[0]!;
  return { ...object, metadata: { ...object.metadata, name, namespace } };
}

const files = readdirSync(folder).filter((file) => file.endsWith('.yaml') && !file.endsWith('.out.yaml'));
const refused = files.filter((file) => file.endsWith('.refused.yaml'));
const taken = files.filter((file) => !refused.includes(file));

/** Without a word on unknown fields, as the API server takes what Flux and old clients send. */
const create = (server: KubeApiServer, object: unknown) =>
  server.request('POST', `${pipelinesPath(namespace)}?fieldValidation=Ignore`, object);

let server: KubeApiServer;
beforeAll(async () => {
  server = await startKubeApiServer();
  await createNamespaces(server, namespace);
  await installPipelineCrd(server);
});
afterAll(() => server.close());

describe('the custom resource', () => {
  it.each(taken)('takes %s, keeps its spec, and lets it be changed', async (file) => {
    const object = manifest(file);
    expect(await create(server, object)).toMatchObject({ status: 201 });
    const target = pipelinesPath(namespace, object.metadata.name);
    const patch = { metadata: { labels: { team: 'apps' } } };
    const changed = await server.request('PATCH', target, patch, 'application/merge-patch+json');
    expect(changed).toMatchObject({ status: 200 });

    const { spec, status } = (await server.request('GET', target)).body as PipelineObject;
    const expected = file.endsWith('.in.yaml') ? manifest(file.replace('.in.', '.out.')) : object;
    expect(spec).toEqual(expected.spec);
    expect(status).toEqual({ observedGeneration: -1 });
  });

  it.each(refused)('refuses %s for the field at fault', async (file) => {
    const { status, body } = await create(server, manifest(file));
    const { causes } = (body as { details: { causes: { field: string }[] } }).details;
    const [, fields = ''] = /^# refused: (.*)/.exec(read(file)) ?? [];
    expect(status).toBe(422);
    expect(causes.map(({ field }) => field).sort()).toEqual(fields.split(', ').sort());
  });

  it('takes whatever is valid in a file', () => {
    const valid = files.filter((file) => readPipelineManifest(manifest(file)).faults.length === 0);
    expect(valid.length).toBeGreaterThan(10);
    expect(valid.filter((file) => refused.includes(file))).toEqual([]);
  });
});
