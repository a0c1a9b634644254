/** A setting is one entry: all that there is of it comes from the registry. */
import { Command } from 'commander';
import { parse } from 'yaml';
import { committed } from '../../../scripts/generate';
import { chartSchema } from '../../../scripts/generate/chart-schema';
import { chartTemplate } from '../../../scripts/generate/chart-template';
import { flagsPage } from '../../../scripts/generate/flags-page';
import { generateFromSettings } from '../../../scripts/generate/settings';
import { valuesFile } from '../../../scripts/generate/values-file';
import { valuesPage } from '../../../scripts/generate/values-page';
import { placeValues } from '../../../src/config/placed-values';
import { readSettings } from '../../../src/config/read-settings';
import { type Registry } from '../../../src/config/setting';
import { settings } from '../../../src/config/settings';
import * as kind from '../../../src/config/value-kinds';
import { addSettings } from '../../../src/program/setting-options';

const cacheSize = {
  flag: 'cache-size',
  kind: kind.bytes,
  default: '2000',
  description: 'how much the cache may hold',
  readBy: ['worker'],
  config: 'cache.maxBytes',
  chart: { value: 'worker.cache.size' },
} as const;

const extended = { ...settings, cacheSize } as const satisfies Registry;

/** Lines of a generated file that the committed one has not; the width of a table's columns doesn't count. */
function added(path: string, registry: Registry = extended): string[] {
  const file = generateFromSettings(committed, registry).find((candidate) => candidate.path === path);
  const before = new Set(linesOf(committed(path)));
  return linesOf(file?.text ?? '').filter((line) => !before.has(line));
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => (line.startsWith('|') ? line.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---') : line));
}

describe('one more entry in the registry', () => {
  it('is an option of the command that reads it, and taken by the other', () => {
    const helpOf = (service: 'api' | 'worker') => {
      const command = new Command(service);
      const flags = addSettings(command, extended, [service]);
      command.parse(['--cache-size=3000'], { from: 'user' });
      return { help: command.helpInformation({ error: false }).replaceAll(/\s+/g, ' '), flags: flags() };
    };
    expect(helpOf('worker').help).toContain(
      '--cache-size <bytes> how much the cache may hold (default: 2000) [WINDLASS_CACHE_SIZE]',
    );
    expect(helpOf('api').help).not.toContain('--cache-size');
    expect(helpOf('api').flags.cacheSize).toBe('3000');
  });

  it.each([
    ['its default', {}, {}, 2_000],
    ['its variable', {}, { WINDLASS_CACHE_SIZE: '4000' }, 4_000],
    ['its flag', { cacheSize: '3000' }, { WINDLASS_CACHE_SIZE: '4000' }, 3_000],
  ])('has a place in the configuration, from %s', (_source, flags, env, expected) => {
    const { values } = readSettings(extended, flags, env);
    const maxBytes: number = placeValues(extended, values!).cache.maxBytes;
    expect(maxBytes).toBe(expected);
  });

  it('is checked', () => {
    const { faults, values } = readSettings(extended, {}, { WINDLASS_CACHE_SIZE: 'big' });
    expect(faults).toEqual(['WINDLASS_CACHE_SIZE is "big": it must be an integer from 0 to 1000000000.']);
    expect(values).toBeUndefined();
  });

  it('is a row in the table of flags', () => {
    expect(added(flagsPage)).toEqual([
      '| `--cache-size` | bytes | `2000` | worker | how much the cache may hold |',
    ]);
  });

  it('is a value of the chart, with its schema and its row', () => {
    const [values, schema] = [valuesFile, chartSchema].map((path) => {
      const { text } = generateFromSettings(committed, extended).find((file) => file.path === path)!;
      return parse(text) as unknown;
    });
    expect(values).toMatchObject({ worker: { replicas: null, cache: { size: 2_000 } } });
    expect(added(valuesFile)).toEqual(['  cache:', '    # how much the cache may hold', '    size: 2000']);
    expect(schema).toMatchObject({
      properties: {
        worker: {
          properties: {
            cache: {
              type: 'object',
              additionalProperties: false,
              properties: { size: { type: 'integer', minimum: 1, maximum: 1_000_000_000 } },
            },
          },
        },
      },
    });
    expect(added(valuesPage)).toEqual([
      '| `worker.cache.size` | `2000` | how much the cache may hold (in bytes) |',
    ]);
  });

  it('is passed on by the chart', () => {
    expect(added(chartTemplate)).toEqual(['- --cache-size={{ int64 .Values.worker.cache.size }}']);
  });

  it('without a place in the chart changes nothing there', () => {
    const { flag, kind: bytes, description, readBy } = cacheSize;
    const registry = { ...settings, cacheSize: { flag, kind: bytes, description, readBy } };
    for (const path of [valuesFile, chartSchema, chartTemplate, valuesPage])
      expect(added(path, registry)).toEqual([]);
  });
});

it('a changed default changes values.yaml and its row, and keeps the comments', () => {
  const registry = { ...settings, retryDelay: { ...settings.retryDelay, default: '7' } };
  expect(added(valuesFile, registry)).toEqual(['    delay: 7']);
  expect(added(valuesPage, registry)).toEqual([expect.stringContaining('| `7` ')]);
});

it.each([
  ['at the top', 'made', ['# how much the cache may hold', 'made: 2000']],
  ['in a map that is there', 'worker.made', ['  # how much the cache may hold', '  made: 2000']],
])('a new value %s is described in values.yaml', (_where, value, lines) => {
  const registry = { ...settings, cacheSize: { ...cacheSize, chart: { value } } };
  expect(added(valuesFile, registry)).toEqual(lines);
});

it('two settings are never one value of the chart', () => {
  const registry = { ...settings, cacheSize: { ...cacheSize, chart: { value: 'logging.level' } } };
  expect(() => generateFromSettings(committed, registry)).toThrow(
    'Two values of the chart have the name level.',
  );
});
