import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type WorkflowHandle } from '@temporalio/client';
import { laneId } from '../../src/workflows/contract/ids';
import { laneStateQuery } from '../../src/workflows/contract/messages';
import { eventually } from '../support/eventually';
import { standingsOf } from '../support/lane-standings';
import {
  createInstallation,
  type Installation,
  pathOf,
  pipelineManifest,
  pullRequestPromotion,
  release,
  repository,
} from '../support/installation';
import { type MemoryWatch, watchMemory } from '../support/memory-watch';
import { type Program } from '../support/program';

const mebibyte = 1024 * 1024;
const patience = 180_000;
const otherRepository = 'acme/other';

let installation: Installation;
let memory: MemoryWatch | undefined;

beforeEach(async () => {
  installation = await createInstallation({
    pipeline: (forge) => {
      const other = JSON.stringify(pullRequestPromotion(forge)).replace(repository, otherRepository);
      return [
        pipelineManifest(pullRequestPromotion(forge)),
        pipelineManifest(JSON.parse(other) as object, 'cart'),
      ].join('---\n');
    },
  });
});
afterEach(async () => {
  memory?.stop();
  await installation.close();
});

const repeated = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('');

/** Within the limits on size, depth and tokens, most of them only just, or beyond them. */
const worst = {
  keys: repeated(40_000, (index) => `k${index}: ${index}\n`),
  'too-many-keys': repeated(45_000, (index) => `k${index}: ${index}\n`),
  brackets: '['.repeat(600_000),
  'empty-items': `a: [${'{},'.repeat(80_000)}]\n`,
  'values-only': '- \n'.repeat(60_000),
  documents: '---\n'.repeat(120_000),
  escapes: `a: "${'\\q'.repeat(249_000)}"\n`,
  'block-scalar': `a: |\n${' x\n'.repeat(340_000)}`,
  errors: '---\na: b: c\n'.repeat(17_000),
  aliases: repeated(15_000, (index) => `- &a${index} [*a${Math.max(0, index - 1)}]\n`),
  /** 140 KB, a hundred times. */
  copies: `a: &a [${'{k: v},'.repeat(20_000)}]\nb: [${'*a,'.repeat(99)}]\n`,
};
const threadsOf = async ({ pid }: Program): Promise<number> => (await readdir(`/proc/${pid}/task`)).length;
const drop = (name: string, text: string) => writeFile(join(installation.pipelinesDir, name), text);
const pipeline = (name: string): string => pipelineManifest(pullRequestPromotion(installation.forge), name);
const laneOf = (name: string): WorkflowHandle =>
  installation.client.workflow.getHandle(laneId({ namespace: 'apps', name }, 'staging'));
const stateOf = async (name: string) => {
  const state = await laneOf(name).query(laneStateQuery);
  return { ...state, outcomes: standingsOf(state) };
};

it('files of Pipelines that take long to parse hold up no request', async () => {
  const api = await installation.startApi();
  const { health } = await api.ready;
  const idle = await threadsOf(api);
  for (let count = 0; count < 10; count += 1)
    await drop(`slow-${count}.yaml`, `${worst['empty-items']}---\n${pipeline(`slow-${count}`)}`);
  await eventually(async () => expect(await threadsOf(api)).toBeGreaterThan(idle), patience);
  const answers: number[] = [];
  for (let count = 1; count <= 50; count += 1) {
    answers.push((await fetch(new URL('/healthz', health))).status);
    if (count % 10 === 0) answers.push((await installation.report({ version: `1.0.${count}` })).status);
  }
  expect(new Set(answers)).toEqual(new Set([200, 202]));
  expect(api.output()).not.toContain('Pipeline apps/slow');
  await eventually(() => expect(api.output()).toContain('Pipeline apps/slow-9'), patience);
});

it('the worst files of Pipelines cost less than 250 MiB at a time', async () => {
  const api = await installation.startApi();
  await installation.report({ version: '1.0.1' });
  memory = await watchMemory(api.pid);
  for (const [name, text] of Object.entries(worst)) await drop(`${name}.yaml`, text);
  await drop('zz-last.yaml', pipeline('last'));
  await eventually(() => expect(api.output()).toContain('Pipeline apps/last'), patience);
  for (const name of ['too-many-keys', 'brackets', 'escapes', 'copies', 'aliases'])
    expect(api.output()).toContain(`Left out: ${name}.yaml`);
  await drop('zz-more.yaml', pipeline('more'));
  await eventually(() => expect(api.output()).toContain('Pipeline apps/more'), patience);
  expect(memory.growth()).toBeLessThan(250 * mebibyte);
});

it('a repository with the worst manifests ends in a failure that names it, and another promotes meanwhile', async () => {
  const worstManifest = (keys: number): string => `${'x: \n'.repeat(keys)}${release('staging')}`;
  const files = Object.fromEntries(
    Array.from({ length: 16 }, (_, index) => [
      `apps/staging/worst-${String(index).padStart(2, '0')}.yaml`,
      worstManifest(48_000 - index),
    ]),
  );
  await installation.forge.commit(repository, 'main', files, 'Do harm');
  await installation.forge.createRepository(otherRepository, {
    [pathOf('staging')]: release('staging').replace('apps:shop', 'apps:cart'),
  });
  await installation.startApi();
  const worker = await installation.startWorker();
  const idle = await threadsOf(worker);
  memory = await watchMemory(worker.pid);
  await installation.report({ version: '1.1.0', release: 2 });
  await eventually(async () => expect(await threadsOf(worker)).toBeGreaterThan(idle), patience);
  await installation.report({ version: '1.1.0', release: 2, pipeline: 'cart' });
  await eventually(
    async () => expect((await stateOf('cart')).outcomes[0]).toMatchObject({ state: 'pull-request' }),
    patience,
  );
  expect((await stateOf('shop')).outcomes).toEqual([]);
  const outcome = await eventually(async () => {
    const [newest] = (await stateOf('shop')).outcomes;
    expect(newest).toBeDefined();
    return newest;
  }, patience);
  expect(outcome).toMatchObject({ state: 'failed', code: 'invalid-manifest' });
  expect(outcome?.detail).toMatch(/^apps\/staging\/worst-\d+\.yaml: .* more than 2000000 YAML tokens/);
  expect(memory.growth()).toBeLessThan(300 * mebibyte);
});
