import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { version } from '../../../package.json';
import { root } from '../docs/pages';

const script = join(root, 'scripts/release.mjs');
const files = [
  'package.json',
  'package-lock.json',
  'charts/windlass/Chart.yaml',
  'charts/windlass/values.yaml',
  'docker-compose.yml',
  'docs/kubernetes/install.md',
  'docs/getting-started-kind.md',
];

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'windlass-release-'));
  for (const file of files) cpSync(join(root, file), join(directory, file));
  changelog(
    `## [${version}] - 2026-11-30\n\nThe notes.\n\n### Added\n\n- A line.\n\n## [0.0.9] - 2026-01-01\n\nOlder.`,
  );
});
afterEach(() => rmSync(directory, { recursive: true }));

const changelog = (text: string) => {
  writeFileSync(join(directory, 'CHANGELOG.md'), `# Changelog\n\n${text}\n`);
};
const change = (file: string, was: string, is: string) => {
  const text = readFileSync(join(directory, file), 'utf8');
  expect(text).toContain(was);
  writeFileSync(join(directory, file), text.replace(was, is));
};
const textOf = (file: string) => readFileSync(join(directory, file), 'utf8');

function release(args: readonly string[], cwd = directory) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    cwd,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

it('program, chart, images, documentation and changelog of this tree have one version', () => {
  expect(release(['check'], root)).toMatchObject({ status: 0, stderr: '' });
});

describe('a tag', () => {
  it('can be released once everything has its version, and the changelog its day', () => {
    expect(release(['check', `v${version}`])).toMatchObject({ status: 0 });
  });

  it('of another version is refused', () => {
    const { status, stderr } = release(['check', 'v9.9.9']);
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('v9.9.9') });
  });

  it('is refused while the changelog has no day', () => {
    changelog(`## [${version}] - unreleased\n\nThe notes.`);
    expect(release(['check'])).toMatchObject({ status: 0 });
    expect(release(['check', `v${version}`])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('unreleased'),
    });
  });

  it('is refused while the changelog begins with another version', () => {
    changelog('## [9.9.9] - 2026-11-30\n\nThe notes.');
    expect(release(['check'])).toMatchObject({ status: 1, stderr: expect.stringContaining('CHANGELOG.md') });
  });
});

it.each([
  ['package-lock.json', `"name": "windlass",\n  "version": "${version}"`],
  ['package-lock.json', `"name": "windlass",\n      "version": "${version}"`],
  ['charts/windlass/Chart.yaml', `\nversion: ${version}`],
  ['charts/windlass/Chart.yaml', `appVersion: "${version}"`],
  ['docker-compose.yml', `windlass:${version}`],
  ['docs/kubernetes/install.md', `windlass:${version}-all-in-one`],
  ['docs/kubernetes/install.md', `image.tag=${version}`],
  ['docs/getting-started-kind.md', `--version ${version}`],
])('another version in %s is found: %s', (file, was) => {
  change(file, was, was.replace(version, '9.9.9'));
  expect(release(['check'])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining(`${file} has 9.9.9`),
  });
});

describe('a new version', () => {
  it.each(['3.0.0', '3.0.0-rc.1'])('%s is written wherever one is, and nothing else changes', (next) => {
    const before = files.map(textOf);
    expect(release(['set', next])).toMatchObject({ status: 0 });
    changelog(`## [${next}] - 2026-11-30\n\nThe notes.`);
    expect(release(['check', `v${next}`])).toMatchObject({ status: 0 });
    expect(release(['set', version])).toMatchObject({ status: 0 });
    expect(files.map(textOf)).toEqual(before);
  });

  it('that is none is refused', () => {
    expect(release(['set', 'latest'])).toMatchObject({ status: 1 });
    expect(release(['set'])).toMatchObject({ status: 1 });
  });
});

it("the notes are the changelog's section of the version alone", () => {
  expect(release(['notes']).stdout).toBe('The notes.\n\n### Added\n\n- A line.\n');
});

describe('the chart', () => {
  it('gets the published image, once', () => {
    expect(release(['chart', 'ghcr.io/example/windlass'])).toMatchObject({ status: 0 });
    expect(textOf('charts/windlass/values.yaml')).toContain('\n      repository: ghcr.io/example/windlass\n');
    expect(release(['chart', 'ghcr.io/example/windlass'])).toMatchObject({ status: 1 });
  });

  it('links its alerts to the runbooks of the version, where the repository is known', () => {
    release(['chart', 'ghcr.io/example/windlass']);
    expect(textOf('charts/windlass/values.yaml')).toContain(
      `\n  runbookUrl: "https://github.com/example/windlass/blob/v${version}/docs/runbooks.md"\n`,
    );
  });

  it('links to no runbooks from an image of another registry', () => {
    release(['chart', 'registry.example.com/windlass']);
    expect(textOf('charts/windlass/values.yaml')).toContain('\n  runbookUrl: ""\n');
  });

  it('gets no image with a tag', () => {
    expect(release(['chart', 'ghcr.io/example/windlass:1.0.0'])).toMatchObject({ status: 1 });
  });
});
