import { join } from 'node:path';
import workerThreads from 'node:worker_threads';
import { BeyondParserLimits, type Parser } from '../../../src/parsing/parser';
import { createThreadParser, type ThreadLimits } from '../../../src/parsing/thread-parser';
import { inlineParser } from '../../support/inline-parser';

const marker = { namespace: 'apps', pipeline: 'shop', environment: 'prod' };
const report = { version: '1.1.0' };
const marked = 'version: 1.0.0 # {"$promotion": "apps:shop:prod"}\n';
/** Too long to be parsed in the thread of the test. */
const long = `# comment\n`.repeat(2_000);

const parsers: Parser[] = [];
afterEach(async () => {
  await Promise.all(parsers.splice(0).map((parser) => parser.close()));
});

const threaded = (limits: Partial<ThreadLimits> = {}): Parser => {
  const script = join(__dirname, '../../support/parser-thread.cjs');
  const parser = createThreadParser({ script, limits });
  parsers.push(parser);
  return parser;
};
const edit = (parser: Parser, text: string, guest = 'guest') =>
  parser.run(guest, 'editManifest', { bytes: Buffer.from(text), marker, report, repairs: true });
const read = (parser: Parser, text: string, guest = 'guest') =>
  parser.run(guest, 'readManifests', { bytes: Buffer.from(text), source: 'a.yaml' });

describe.each([
  { name: 'a parser in the thread of its user', open: () => inlineParser },
  { name: 'a parser with a thread of its own', open: threaded },
])('$name', ({ open }) => {
  describe.each([
    { size: 'short', before: '' },
    { size: 'long', before: long },
  ])('of a $size text', ({ before }) => {
    const lines = before.split('\n').length - 1;

    it('sets a version and gives the file byte for byte', async () => {
      const edited = await edit(open(), `\uFEFF${before}${marked}`);
      expect(edited).toEqual({
        content: Buffer.from(`\uFEFF${before}${marked.replace('1.0.0', '1.1.0')}`),
        changes: [{ line: lines + 1, previous: '1.0.0', next: '1.1.0', warnings: [] }],
        misses: [],
        tokenCount: expect.any(Number) as number,
      });
    });

    it('gives no file that stays as it is', async () => {
      expect(await edit(open(), before + marked.replace('1.0.0', '1.1.0'))).not.toHaveProperty('content');
    });

    it('indents lines that lack it', async () => {
      const text = `${before}a: "x\ny"\n${marked}`;
      expect(await edit(open(), text)).toMatchObject({ changes: [{ line: lines + 3 }] });
    });

    it('names the line where a marker cannot be honored', async () => {
      expect(await edit(open(), `${before}a: &a 1\nb: *a ${marked.slice(15)}`)).toMatchObject({
        fault: { line: lines + 2, reason: expect.stringContaining('an alias') as string },
        tokenCount: expect.any(Number) as number,
      });
    });

    it('names the lines of markers that do not count', async () => {
      const bytes = Buffer.from(`${before}${marked.replace('prod', 'prd')}`);
      expect(await open().run('guest', 'findMisses', { bytes, marker })).toEqual([
        { line: lines + 1, exact: false, reason: expect.stringContaining('did you mean') as string },
      ]);
    });

    it('reads Secrets byte for byte, and faults with their lines', async () => {
      const secret = `{ apiVersion: v1, kind: Secret, metadata: { name: s, namespace: apps }, data: { a: AP8= } }\n`;
      const manifests = await read(open(), `${before}${secret}---\na: "\n`);
      expect(manifests).toMatchObject({ source: 'a.yaml', wellFormed: false, faults: [{ line: lines + 4 }] });
      expect(Buffer.from(manifests.secrets[0]?.data['a'] ?? []).toString('hex')).toBe('00ff');
    });

    it('says so where a file is not UTF-8', async () => {
      const bytes = Buffer.concat([Buffer.from(before), Buffer.of(0xff)]);
      const manifests = await open().run('guest', 'readManifests', { bytes, source: 'a.yaml' });
      expect(manifests.faults).toEqual([{ source: 'a.yaml', path: '', reason: 'is not UTF-8 text' }]);
      expect(await open().run('guest', 'editManifest', { bytes, marker, report, repairs: true })).toEqual({
        fault: { line: 1, reason: 'The file is not valid UTF-8' },
        tokenCount: 0,
      });
    });
  });
});

describe('the thread of a parser', () => {
  const items = `${'- x\n'.repeat(45_000)}---\n`;
  /** The difference between two names of this length takes a minute, or more, to find. */
  const length = 100_000;
  const slow = (parser: Parser, signal?: AbortSignal) =>
    parser.run(
      'slow',
      'findMisses',
      {
        bytes: Buffer.from(marked.replace('prod', 'x'.repeat(length))),
        marker: { ...marker, environment: 'y'.repeat(length) },
      },
      signal,
    );

  it('is ended at its limit of time, and the next job has another', async () => {
    const parser = threaded({ seconds: 8 });
    await read(parser, long);
    const jobs = [slow(parser), read(parser, long)];
    await expect(jobs[0]).rejects.toThrow(
      new BeyondParserLimits('takes more than 8 s to parse: split it, or make it simpler'),
    );
    await expect(jobs[1]).resolves.toMatchObject({ wellFormed: true });
  });

  it('is ended when its job is no longer wanted, and the next job has another', async () => {
    const parser = threaded();
    await read(parser, long);
    const aborting = new AbortController();
    const jobs = [slow(parser, aborting.signal), read(parser, long)];
    // The job is in the thread by then: a quick one has been done after it was sent.
    await read(parser, 'a: 1\n');
    aborting.abort(new Error('not wanted'));
    await expect(jobs[0]).rejects.toThrow('not wanted');
    await expect(jobs[1]).resolves.toMatchObject({ wellFormed: true });
  });

  it('gets no job that is no longer wanted', async () => {
    const parser = threaded();
    const [running, waiting] = [new AbortController(), new AbortController()];
    const first = slow(parser, running.signal);
    const second = slow(parser, waiting.signal);
    await read(parser, 'a: 1\n');
    waiting.abort(new Error('not wanted'));
    await expect(second).rejects.toThrow('not wanted');
    await expect(slow(parser, waiting.signal)).rejects.toThrow('not wanted');
    running.abort(new Error('stopped'));
    await expect(first).rejects.toThrow('stopped');
    await expect(read(parser, long)).resolves.toMatchObject({ wellFormed: true });
  });

  it('may fail to start: its jobs fail, and a later one starts it', async () => {
    const parser = threaded();
    const refused = jest.spyOn(workerThreads, 'Worker').mockImplementation(() => {
      throw new Error('no more threads');
    });
    const jobs = [read(parser, long), read(parser, long, 'another')];
    for (const job of jobs) await expect(job).rejects.toThrow('no more threads');
    refused.mockRestore();
    await expect(read(parser, long)).resolves.toMatchObject({ wellFormed: true });
  });

  it('is ended at its limit of memory, and the next job has another', async () => {
    const parser = threaded({ heapMiB: 40 });
    const jobs = [read(parser, items), read(parser, long)];
    await expect(jobs[0]).rejects.toMatchObject({
      reason: 'needs more than 40 MiB to parse: split it, or make it simpler',
    });
    await expect(jobs[1]).resolves.toMatchObject({ wellFormed: true });
  });

  it('gives no more back than its limit', async () => {
    await expect(edit(threaded({ outputBytes: 10_000 }), long + marked)).rejects.toThrow(BeyondParserLimits);
  });

  it('leaves the thread of its user free', async () => {
    const order: string[] = [];
    const parser = threaded();
    const parsed = read(parser, items).then(() => order.push('the large text'));
    await read(parser, 'a: 1\n').then(() => order.push('a small text'));
    await parsed;
    expect(order).toEqual(['a small text', 'the large text']);
  });

  it('takes the texts of guests in turns', async () => {
    const order: string[] = [];
    const parser = threaded();
    const job = (guest: string) => read(parser, long, guest).then(() => order.push(guest));
    await Promise.all([...Array.from({ length: 5 }, () => job('greedy')), job('modest')]);
    // One is in progress already, and the next may have its turn first.
    expect(order.indexOf('modest')).toBeLessThan(3);
  });

  it('does no job once it is closed, and none is forgotten', async () => {
    const parser = threaded();
    const jobs = Promise.allSettled([read(parser, long), read(parser, long)]);
    await read(parser, 'a: 1\n');
    await parser.close();
    expect((await jobs).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(read(parser, long)).rejects.toThrow('closed');
  });
});
