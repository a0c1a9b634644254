import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { readConfig } from '../../../src/config/config';
import { openPolicy } from '../../../src/program/composition/open-policy';

const log = pino({ level: 'silent' });
let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'windlass-open-policy-'));
});
afterEach(() => rm(directory, { recursive: true }));

/** What the program does with this flag. */
const opened = (policyFile: string) =>
  openPolicy(readConfig({ pipelinesDir: directory, policyFile }, { HOME: directory }).policyFile, log);

it('there is no policy without the flag', async () => {
  await expect(openPolicy(undefined, log)).resolves.toBeUndefined();
});

it('a valid policy is in force', async () => {
  const file = join(directory, 'policy.yaml');
  const rule = '{ name: a, gates: { soak: 1h } }';
  await writeFile(
    file,
    `apiVersion: pipelines.weave.works/v1alpha1\nkind: PromotionPolicy\nrules:\n  - ${rule}\n`,
  );
  const policy = await opened(file);
  expect(policy?.current().rules).toEqual([{ name: 'a', gates: { soakMs: 3_600_000 } }]);
  await policy?.close();
});

it('without the policy that it was given, the program does not start, and says why', async () => {
  const file = join(directory, 'policy.yaml');
  const says = (fault: string) => ({
    name: 'ConfigurationError',
    message: expect.stringContaining(
      `  - --policy-file (WINDLASS_POLICY_FILE): ${fault}.\nNothing was started.`,
    ) as string,
  });
  await expect(opened(file)).rejects.toMatchObject(says(`${file} does not exist`));
  await writeFile(file, 'apiVersion: pipelines.weave.works/v1alpha1\nkind: PromotionPolicy\nrules: none\n');
  await expect(opened(file)).rejects.toMatchObject(says(`${file}:3: rules: must be a list`));
});
