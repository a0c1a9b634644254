import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { committed } from '../../scripts/generate';
import { generateFromSettings } from '../../scripts/generate/settings';
import { type Registry } from '../../src/config/setting';
import { settings } from '../../src/config/settings';
import * as kind from '../../src/config/value-kinds';
import { chart, leastValues, render, type Values } from './helm';
import { component, flagsOf } from './manifests';

const worker = { description: 'made up for this test', readBy: ['worker'] } as const;

/** One setting for each type of value. */
const extended: Registry = {
  ...settings,
  size: { ...worker, flag: 'made-size', kind: kind.bytes, default: '7', chart: { value: 'made.size' } },
  enabled: {
    ...worker,
    flag: 'made-enabled',
    kind: kind.boolean,
    default: 'false',
    chart: { value: 'made.enabled' },
  },
  age: { ...worker, flag: 'made-age', kind: kind.goDuration, chart: { value: 'made.age' } },
  hosts: { ...worker, flag: 'made-hosts', kind: kind.hosts, default: '', chart: { value: 'made.hosts' } },
};

let from: string;
beforeAll(async () => {
  from = await mkdtemp(path.join(tmpdir(), 'windlass-chart-'));
  await cp(chart, from, { recursive: true });
  for (const file of generateFromSettings(committed, extended)) {
    const inChart = path.relative('charts/windlass', file.path);
    if (!inChart.startsWith('..')) await writeFile(path.join(from, inChart), file.text);
  }
});
afterAll(() => rm(from, { recursive: true }));

async function madeFlags(made: Values): Promise<Record<string, string>> {
  const { manifests } = await render({ ...leastValues, made }, { from });
  const flags = Object.entries(flagsOf(component(manifests, 'worker')));
  return Object.fromEntries(flags.filter(([flag]) => flag.startsWith('made-')));
}

describe('a chart that was generated with new settings', () => {
  it('passes their defaults on, and nothing that is empty', async () => {
    expect(await madeFlags({})).toEqual({ 'made-size': '7', 'made-enabled': 'false' });
  });

  it('passes on what the values say', async () => {
    const made = { size: 1_000_000_000, enabled: true, age: '2h', hosts: ['a.example', 'b.example:8443'] };
    expect(await madeFlags(made)).toEqual({
      'made-size': '1000000000',
      'made-enabled': 'true',
      'made-age': '2h',
      'made-hosts': 'a.example,b.example:8443',
    });
  });

  it('takes the default for what is null', async () => {
    const defaults = { 'made-size': '7', 'made-enabled': 'false' };
    expect(await madeFlags({ size: null, enabled: null, age: null, hosts: null })).toEqual(defaults);
    const { manifests } = await render({ ...leastValues, made: null }, { from });
    expect(flagsOf(component(manifests, 'worker'))).toMatchObject(defaults);
  });

  it.each<[string, Values, string]>([
    ['another type', { enabled: 'maybe' }, "at '/made/enabled': got string, want boolean"],
    ['a number out of range', { size: 0 }, "at '/made/size': minimum: got 0, want 1"],
    ['a name that there is not', { colour: 'red' }, "additional properties 'colour' not allowed"],
  ])('refuses %s', async (_what, made, words) => {
    await expect(madeFlags(made)).rejects.toThrow(words);
  });
});
