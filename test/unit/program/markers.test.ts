import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { printMarkers } from '../../../src/program/commands/markers';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'markers-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function list(files: Readonly<Record<string, string>>, pipeline?: string) {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), content);
  }
  const lines: string[] = [];
  const code = await printMarkers(directory, pipeline, (line) => lines.push(line));
  return { code, lines };
}

const release = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
spec:
  chart:
    spec:
      version: 1.0.0 # {"$promotion": "apps:shop:prod"}
  values:
    containers:
      # {"$promotion": "apps:shop:us"}
      - tag: "2.0.0"
`;

it('lists every marker with what it sets', async () => {
  expect(await list({ 'apps/release.yaml': release, 'notes.txt': release })).toEqual({
    code: 1,
    lines: [
      'apps/release.yaml:6: apps:shop:prod sets HelmRelease spec.chart.spec.version, now 1.0.0',
      expect.stringMatching(/^apps\/release\.yaml:9: apps:shop:us does not count: The marker .*a map/),
    ],
  });
});

it('exits with 0 where all count, also of environments with similar names', async () => {
  const text = 'eu: 1.0.0 # {"$promotion": "apps:shop:eu"}\nus: # {"$promotion": "apps:shop:us"}\n';
  expect(await list({ 'a.yml': text })).toEqual({
    code: 0,
    lines: ['a.yml:1: apps:shop:eu sets eu, now 1.0.0', 'a.yml:2: apps:shop:us sets us, now empty'],
  });
});

it.each([
  [
    'a suffix',
    'tag: 1 # {"$promotion": "apps:shop:prod:tag"}\n',
    /a\.yaml:1: apps:shop:prod does not count: .*suffix/,
  ],
  ['no dollar sign', 'tag: 1 # {"promotion": "apps:shop:prod"}\n', /a\.yaml:1: .*dollar/],
  ['a block scalar', 'p: |\n  v: 1 # {"$promotion": "apps:shop:prod"}\n', /a\.yaml:2: .*block scalar/],
  ['other words', 'v: 1 # see {"$promotion": "apps:shop:prod"}\n', /a\.yaml:1: .*not alone/],
])('exits with 1 and says why a marker with %s does not count', async (_, text, line) => {
  expect(await list({ 'a.yaml': text })).toEqual({ code: 1, lines: [expect.stringMatching(line)] });
});

it('lists the markers of one Pipeline only', async () => {
  const text = 'a: 1 # {"$promotion": "apps:shop:prod"}\nb: 2 # {"$promotion": "apps:blog:prod"}\n';
  expect(await list({ 'a.yaml': text }, 'apps/blog')).toEqual({
    code: 0,
    lines: ['a.yaml:2: apps:blog:prod sets b, now 2'],
  });
});

it('says where there are none', async () => {
  expect((await list({ 'a.yaml': 'a: 1\n' })).lines).toEqual([
    `${directory}: no markers in *.yaml and *.yml files`,
  ]);
});
