import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command } from 'commander';
import { parseAllDocuments } from 'yaml';
import { validatePipelines } from '../../../src/program/commands/pipeline-validate';
import { createProgram } from '../../../src/program/program';
import { promotionId } from '../../../src/workflows/contract/ids';
import {
  drainSignal,
  laneStateQuery,
  promoteUpdate,
  reconsiderSignal,
  retryUpdate,
} from '../../../src/workflows/contract/messages';
import { searchAttributes } from '../../../src/workflows/contract/search-attributes';
import { scripts } from '../../../package.json';
import { codeBlocks, codeSpans, page, pages, tableBelow } from './pages';
import { inlineParser } from '../../support/inline-parser';

const blocks = pages.flatMap(codeBlocks);
const yamlBlocks = blocks.filter(({ language }) => language === 'yaml');
const manifests = yamlBlocks.filter(({ text }) => /^kind: (Pipeline|Freeze|Secret)$/m.test(text));
const shellLines = blocks
  .filter(({ language }) => language === 'sh')
  .flatMap(({ text, place }) =>
    text
      .replaceAll(/\\\n\s*/g, '')
      .split('\n')
      .map((line) => ({ line, place })),
  );

describe('examples of manifests', () => {
  it.each(yamlBlocks)('$place is YAML', ({ text }) => {
    const faults = parseAllDocuments(text).flatMap(({ errors, warnings }) => [...errors, ...warnings]);
    expect(faults).toEqual([]);
  });

  it('are on every page that explains Pipelines', () => {
    const withPipelines = new Set(manifests.map(({ place }) => place.split(':')[0]));
    expect([...withPipelines]).toEqual(
      expect.arrayContaining(['README.md', 'SECURITY.md', 'docs/reference/pipeline.md']),
    );
  });

  it.each(manifests)('$place passes windlass pipeline validate', async ({ text }) => {
    const directory = await mkdtemp(join(tmpdir(), 'windlass-docs-'));
    const printed: string[] = [];
    try {
      const file = join(directory, 'example.yaml');
      await writeFile(file, text);
      const code = await validatePipelines([file], inlineParser, (line) => printed.push(line));
      expect({ code, warnings: printed.filter((line) => line.startsWith('warning')) }).toEqual({
        code: 0,
        warnings: [],
      });
    } finally {
      await rm(directory, { recursive: true });
    }
    const pipelines = [...text.matchAll(/^kind: Pipeline$/gm)];
    expect(printed.filter((line) => line.includes(' is valid: '))).toHaveLength(pipelines.length);
  });

  it.each(blocks.filter(({ language }) => language === 'json'))('$place is JSON', ({ text }) => {
    expect(() => JSON.parse(text) as unknown).not.toThrow();
  });
});

describe('examples of commands', () => {
  const ours = [...shellLines.map(({ line }) => line), ...pages.flatMap(codeSpans)].filter((line) =>
    line.startsWith('windlass '),
  );

  it.each([...new Set(ours)])('%s has a command and flags that windlass knows', (line) => {
    const words = line.split(/\s+/).slice(1);
    let command: Command = createProgram();
    for (const word of words) {
      const next = command.commands.find((candidate) => candidate.name() === word);
      if (next === undefined) break;
      command = next;
    }
    const known = ['--help', ...command.options.map(({ long }) => long)];
    const flags = words.filter((word) => word.startsWith('--'));
    expect(command.name()).not.toBe('windlass');
    expect(flags.filter((flag) => !known.includes(flag))).toEqual([]);
  });

  it('name npm scripts that there are', () => {
    const named = pages.flatMap(({ text }) =>
      [...text.matchAll(/npm run ([a-z][a-z:-]*)/g)].map(([, script]) => script),
    );
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
  });

  it('name signals, updates and queries that workflows take', () => {
    const said = shellLines.flatMap(({ line }) => {
      const [, verb, name] =
        /^temporal workflow (signal|update execute|query) .*--(?:name|type) (\S+)/.exec(line) ?? [];
      return verb === undefined ? [] : [`${verb} ${name}`];
    });
    expect([...new Set(said)].sort()).toEqual([
      `query ${laneStateQuery.name}`,
      `signal ${reconsiderSignal.name}`,
      `update execute ${promoteUpdate.name}`,
      `update execute ${retryUpdate.name}`,
    ]);
    expect(pages.flatMap(codeSpans)).toEqual(expect.arrayContaining([drainSignal.name]));
  });

  it('search by attributes and states that there are', () => {
    const states = ['States of a promotion that runs', 'Outcomes of a promotion'].flatMap((heading) =>
      tableBelow(page('docs/reference/outcomes.md'), heading).map(([state]) => state),
    );
    const queries = shellLines.flatMap(({ line }) => [...line.matchAll(/(Windlass\w+) = '([^']+)'/g)]);
    const attributes = searchAttributes.map(({ name }) => name);
    expect(attributes).toEqual(expect.arrayContaining(queries.map(([, attribute]) => attribute)));
    const searched = queries.filter(([, attribute]) => attribute === 'WindlassState');
    expect(states).toEqual(expect.arrayContaining(searched.map(([, , state]) => state)));
    expect(searched).not.toEqual([]);
  });

  it('spell workflow ids as Windlass does', () => {
    const id = promotionId({ namespace: 'apps', name: 'my-app' }, 'prod', '1.4.0', 'd32abff7ad3ee41d');
    expect(page('docs/gates.md').text).toContain(`--workflow-id ${id} `);
  });
});
