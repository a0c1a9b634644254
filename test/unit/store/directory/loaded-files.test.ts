import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Parser } from '../../../../src/parsing/parser';
import { LoadedFiles } from '../../../../src/store/directory/loaded-files';
import { scanDirectory } from '../../../../src/store/directory/scan-directory';
import { inlineParser } from '../../../support/inline-parser';

const secret = (value: string) =>
  `{ apiVersion: v1, kind: Secret, metadata: { name: s, namespace: apps }, stringData: { key: ${value} } }\n`;

let directory: string;
let files: LoadedFiles;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'windlass-files-'));
  files = new LoadedFiles(inlineParser, new AbortController().signal);
});
afterEach(() => rm(directory, { recursive: true }));

const inDirectory = (name: string) => path.join(directory, name);
const write = (value: string) => writeFile(inDirectory('a.yaml'), secret(value));
const look = async ({ settled = false, complete = true } = {}) =>
  files.update({ ...(await scanDirectory(directory)), complete }, settled);
const values = () =>
  files.manifests.flatMap(({ secrets }) =>
    secrets.map(({ data }) => Buffer.from(data['key'] ?? []).toString()),
  );

describe('the files as last read', () => {
  it('are all taken at once on the first look', async () => {
    await write('one');
    await look({ settled: true });
    expect(values()).toEqual(['one']);
  });

  it('change once two looks have seen the same change, so not while somebody writes', async () => {
    await write('one');
    await look({ settled: true });
    await write('two');
    await look();
    await write('three-longer');
    await look();
    expect(values()).toEqual(['one']);
    await look();
    expect(values()).toEqual(['three-longer']);
  });

  it('are joined by a new file once two looks have seen it', async () => {
    await look({ settled: true });
    await write('one');
    await look();
    expect(values()).toEqual([]);
    await look();
    expect(values()).toEqual(['one']);
  });

  it('stay while an editor puts another one in their place', async () => {
    await write('one');
    await look({ settled: true });
    await rename(inDirectory('a.yaml'), inDirectory('a.bak'));
    await look();
    expect(values()).toEqual(['one']);
    await rename(inDirectory('a.bak'), inDirectory('a.yaml'));
    await look();
    await rename(inDirectory('a.yaml'), inDirectory('a.bak'));
    await look();
    expect(values()).toEqual(['one']);
    await look();
    expect(values()).toEqual([]);
  });

  it('stay as long as part of the directory cannot be looked into', async () => {
    await write('one');
    await look({ settled: true });
    await rm(inDirectory('a.yaml'));
    await look({ complete: false });
    await look({ complete: false });
    expect(values()).toEqual(['one']);
  });

  it('stay when they can no longer be read, and are tried again with every look', async () => {
    await write('one');
    await look({ settled: true });
    await write('two');
    const scan = await scanDirectory(directory);
    await rename(inDirectory('a.yaml'), inDirectory('a.bak'));
    await files.update(scan, true);
    expect(values()).toEqual(['one']);
    expect(files.readFaults).toEqual([{ source: 'a.yaml', path: '', reason: 'cannot be read (ENOENT)' }]);
    await rename(inDirectory('a.bak'), inDirectory('a.yaml'));
    await files.update(scan, true);
    expect(values()).toEqual(['two']);
    expect(files.readFaults).toEqual([]);
  });
});

describe('files that did not change', () => {
  let parsed: string[];

  beforeEach(() => {
    parsed = [];
    const parser: Parser = {
      ...inlineParser,
      run: (guest, name, input) => {
        if ('source' in input) parsed.push(input.source);
        return inlineParser.run(guest, name, input);
      },
    };
    files = new LoadedFiles(parser, new AbortController().signal);
  });

  it('are not parsed again when another one does', async () => {
    await write('one');
    await writeFile(inDirectory('b.yaml'), '# other\n');
    expect(await look({ settled: true })).toBe(true);
    await writeFile(inDirectory('b.yaml'), '# changed\n');
    expect([await look(), await look(), await look()]).toEqual([false, true, false]);
    expect(parsed).toEqual(['a.yaml', 'b.yaml', 'b.yaml']);
  });

  it('are not parsed again when they are written again, also if they are not YAML', async () => {
    await write('one');
    await writeFile(inDirectory('b.yaml'), 'a: "\n');
    await look({ settled: true });
    for (const name of ['a.yaml', 'b.yaml']) {
      await rename(inDirectory(name), inDirectory('old'));
      await writeFile(inDirectory(name), await readFile(inDirectory('old')));
    }
    expect([await look(), await look()]).toEqual([false, false]);
    expect(parsed).toEqual(['a.yaml', 'b.yaml']);
    expect(files.manifests.map(({ wellFormed }) => wellFormed)).toEqual([true, false]);
  });
});
