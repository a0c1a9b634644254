import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installLimitedGit } from '../../../src/git/process/limited-git';
import { createObjectReader, type ObjectReader } from '../../../src/git/process/object-reader';
import { processesBelow } from '../../support/child-processes';
import { eventually } from '../../support/eventually';
import { commitFiles, runGit } from '../../support/git-repository';

const missing = '0123456789012345678901234567890123456789';
let directory: string;
let cancelling: AbortController;
let reader: ObjectReader;
let limitedGit: string;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'object-reader-'));
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', directory]);
  cancelling = new AbortController();
  [, limitedGit] = await installLimitedGit(directory, 1_000_000);
  reader = open();
});
afterEach(async () => {
  await reader.close();
  rmSync(directory, { recursive: true, force: true });
});

function open(timeoutMs = 30_000): ObjectReader {
  return createObjectReader({
    program: ['sh', limitedGit],
    family: randomUUID(),
    directory,
    inRepository: true,
    environment: { PATH: process.env['PATH'] ?? '' },
    signal: cancelling.signal,
    timeoutMs,
  });
}

const blobId = (path: string) => runGit(directory, 'rev-parse', `main:${path}`);
const readers = async () =>
  (await processesBelow(process.pid)).filter(({ commandLine }) => commandLine.includes('cat-file'));
const stop = async (signal: NodeJS.Signals) => {
  for (const { pid } of await readers()) process.kill(pid, signal);
};

describe('one process', () => {
  test('answers in the order of the questions, whatever the objects hold', async () => {
    const contents = ['', '\n', 'a\0b\n', `${missing} missing\n`, 'x'.repeat(300_000), 'no line feed'];
    commitFiles(directory, 'main', Object.fromEntries(contents.map((content, n) => [`f${n}`, content])));
    const ids = contents.map((_, n) => blobId(`f${n}`));
    const [read, described, again] = await Promise.all([
      reader.read([...ids, missing], 1_000_000),
      reader.describe([missing, ...ids]),
      reader.read([...ids].reverse(), 1_000_000),
    ]);
    expect(read.map((object) => object?.content.toString())).toEqual([...contents, undefined]);
    expect(described.map((object) => object?.size)).toEqual([
      undefined,
      ...contents.map((text) => text.length),
    ]);
    expect(again.map((object) => object?.id)).toEqual([...ids].reverse());
    expect(await readers()).toHaveLength(1);
  });

  test('sees what was stored after it began, and where refs are now', async () => {
    expect(await reader.describe(['refs/heads/main', missing])).toEqual([undefined, undefined]);
    const commit = commitFiles(directory, 'main', { 'a.yaml': 'a' });
    expect(await reader.describe(['refs/heads/main'])).toMatchObject([{ id: commit, type: 'commit' }]);
    const next = commitFiles(directory, 'main', { 'a.yaml': 'b' });
    expect(await reader.describe(['refs/heads/main'])).toMatchObject([{ id: next }]);
    expect(await readers()).toHaveLength(1);
  });

  test.each(['HEAD:a.yaml', `${missing}\ncontents ${missing}`, '--help', 'main', ''])(
    'is never asked for %j, which is no object name',
    async (name) => {
      await expect(reader.describe([name])).rejects.toThrow('is no object name');
      expect(await readers()).toEqual([]);
    },
  );

  test('refuses objects that are larger together than is allowed, and answers again afterwards', async () => {
    commitFiles(directory, 'main', { small: 'x'.repeat(600), large: 'y'.repeat(700) });
    const ids = [blobId('small'), blobId('large')];
    await expect(reader.read(ids, 1_200)).rejects.toMatchObject({
      code: 'repository-too-large',
      message: expect.stringContaining(`blob ${ids[1]} has 700 bytes`),
    });
    expect((await reader.read(ids, 1_300)).map((object) => object?.size)).toEqual([600, 700]);
  });

  test('is gone when the reader was closed, and when nothing was asked there was none', async () => {
    expect(await reader.read([], 1)).toEqual([]);
    expect(await readers()).toEqual([]);
    await reader.describe([missing]);
    expect(await readers()).toHaveLength(1);
    await reader.close();
    expect(await readers()).toEqual([]);
  });
});

describe('a question under way', () => {
  beforeEach(async () => {
    await reader.describe([missing]);
    await stop('SIGSTOP');
  });

  test('fails with what git said when its process is killed, and the next starts another', async () => {
    const asked = reader.describe([missing]);
    await stop('SIGKILL');
    await expect(asked).rejects.toMatchObject({ name: 'GitExit', exitCode: null });
    expect(await reader.describe([missing])).toEqual([undefined]);
  });

  test('fails with the reason of the signal, and leaves no process behind', async () => {
    const reason = new Error('cancelled');
    const asked = Promise.all([reader.describe([missing]), reader.read([missing], 1)]);
    cancelling.abort(reason);
    await expect(asked).rejects.toBe(reason);
    await eventually(async () => expect(await readers()).toEqual([]));
    await expect(reader.describe([missing])).rejects.toBe(reason);
    expect(await readers()).toEqual([]);
  });
});

test('a git that does not answer in time is ended', async () => {
  const impatient = open(200);
  await impatient.describe([missing]);
  await stop('SIGSTOP');
  await expect(impatient.describe([missing])).rejects.toMatchObject({ code: 'timed-out' });
  await impatient.close();
  expect(await readers()).toEqual([]);
});

test('a repository that is none fails with what git said', async () => {
  rmSync(join(directory, 'HEAD'));
  const failure: unknown = await reader.describe([missing]).catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: 'GitExit', output: expect.stringContaining('not a git repository') });
});
