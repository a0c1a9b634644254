import { mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Logger, pino } from 'pino';
import { maxManifestBytes } from '../../../src/resources/parse-manifests';
import { openPolicyFile, type PolicyFile } from '../../../src/store/policy-file';
import { eventually } from '../../support/eventually';

const policy = (...names: string[]) =>
  [
    'apiVersion: pipelines.weave.works/v1alpha1',
    'kind: PromotionPolicy',
    names.length === 0 ? 'rules: []' : 'rules:',
    ...names.map((name) => `  - { name: ${name}, gates: { soak: 1h } }`),
    '',
  ].join('\n');

interface Line {
  readonly level: number;
  readonly msg: string;
}

let directory: string;
let file: string;
let lines: Line[];
let log: Logger;
let opened: PolicyFile | undefined;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'windlass-policy-'));
  file = join(directory, 'policy.yaml');
  const collected: Line[] = [];
  lines = collected;
  log = pino({ level: 'info' }, { write: (line) => void collected.push(JSON.parse(line) as Line) });
});
afterEach(async () => {
  await opened?.close();
  opened = undefined;
  await rm(directory, { recursive: true });
});

async function open(): Promise<PolicyFile> {
  opened = await openPolicyFile({ file, log, pollIntervalMs: 10 });
  return opened;
}
const namesOf = (source: PolicyFile) => source.current().rules.map(({ name }) => name);
const errors = () =>
  lines.filter(({ level }) => level >= 50).map(({ msg }) => msg.replaceAll(`${directory}/`, ''));
const hasErrors = (count: number) => eventually(() => expect(errors()).toHaveLength(count));
/** As an editor or the kubelet does. */
async function replace(text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

it('reads the policy when it is opened', async () => {
  await writeFile(file, policy('one', 'two'));
  expect(namesOf(await open())).toEqual(['one', 'two']);
  expect(errors()).toEqual([]);
});

it.each<readonly [what: string, text: string | undefined, fault: string]>([
  ['does not exist', undefined, 'policy.yaml does not exist'],
  ['is invalid', 'rules: []\n', 'policy.yaml:1: apiVersion: is required'],
  ['is too large', `# ${'x'.repeat(maxManifestBytes)}`, 'policy.yaml is larger than 1024 KiB: split it'],
])('is not opened if the file %s', async (_what, text, fault) => {
  if (text !== undefined) await writeFile(file, text);
  const error: unknown = await open().catch((reason: unknown) => reason);
  expect(error).toMatchObject({ name: 'InvalidFile' });
  expect((error as Error).message.replaceAll(`${directory}/`, '')).toContain(fault);
});

it('follows a change', async () => {
  await writeFile(file, policy('one'));
  const source = await open();
  await replace(policy('one', 'two'));
  await eventually(() => expect(namesOf(source)).toEqual(['one', 'two']));
  await replace(policy());
  await eventually(() => expect(namesOf(source)).toEqual([]));
  expect(errors()).toEqual([]);
});

it('follows a ConfigMap, whose files are links that change together', async () => {
  await writeFile(join(directory, 'a.yaml'), policy('one'));
  await writeFile(join(directory, 'b.yaml'), policy('two'));
  await symlink('a.yaml', file);
  const source = await open();
  await symlink('b.yaml', `${file}.new`);
  await rename(`${file}.new`, file);
  await eventually(() => expect(namesOf(source)).toEqual(['two']));
});

it('keeps the last policy while the file is invalid, and says so once', async () => {
  await writeFile(file, policy('one'));
  const source = await open();
  await replace(`${policy('one')}  - { name: two, gates: {} }\n`);
  await hasErrors(1);
  await replace(policy('one').replace('soak', 'soaks'));
  await hasErrors(2);
  expect(namesOf(source)).toEqual(['one']);
  expect(errors()).toEqual([
    expect.stringMatching(
      /^The operator's policy stays as it was before: policy\.yaml:5: rules\[1\]\.gates: asks/,
    ),
    expect.stringContaining('policy.yaml:4: rules[0].gates.soaks: unknown field; did you mean `soak`?'),
  ]);
  await replace(policy('three'));
  await eventually(() => expect(namesOf(source)).toEqual(['three']));
});

it('keeps the last policy when the file disappears, and follows it when it is there again', async () => {
  await writeFile(file, policy('one'));
  const source = await open();
  await rm(file);
  await hasErrors(1);
  expect(errors()).toEqual(["The operator's policy stays as it was before: policy.yaml does not exist"]);
  expect(namesOf(source)).toEqual(['one']);
  await replace(policy('two'));
  await eventually(() => expect(namesOf(source)).toEqual(['two']));
  expect(errors()).toHaveLength(1);
});

it('keeps the last policy while the file is empty, as one is that is being written', async () => {
  await writeFile(file, policy('one'));
  const source = await open();
  await writeFile(file, '');
  await hasErrors(1);
  expect(namesOf(source)).toEqual(['one']);
  await writeFile(file, policy('two'));
  await eventually(() => expect(namesOf(source)).toEqual(['two']));
});
