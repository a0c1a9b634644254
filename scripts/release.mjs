#!/usr/bin/env node
/**
 * What a release needs, in the directory of a checkout (docs/releasing.md):
 *
 *     node scripts/release.mjs set 0.3.0            writes a version wherever one is
 *     node scripts/release.mjs check [v0.3.0]       fails unless all of them agree, and with the tag of a release
 *     node scripts/release.mjs notes                prints the changelog's section of the version
 *     node scripts/release.mjs chart ghcr.io/x/y    writes the published image into the values of the chart, and for one on
 *                                                   ghcr.io the address of the runbooks
 */
import { readFileSync, writeFileSync } from 'node:fs';

const version = String.raw`(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+?)??)`;
const manifest = 'package.json';
const values = 'charts/windlass/values.yaml';
const changelog = 'CHANGELOG.md';

/** Every place of the version but the changelog, which people write. The one group of a pattern is the version. */
const places = [
  [manifest, String.raw`^  "version": "${version}"`],
  ['package-lock.json', String.raw`(?<="name": "windlass",\n {2}(?: {4})?)"version": "${version}"`],
  ['charts/windlass/Chart.yaml', String.raw`^version: ${version}$`],
  ['charts/windlass/Chart.yaml', String.raw`^appVersion: "${version}"$`],
  ['docker-compose.yml', String.raw`image: windlass:${version}$`],
  ...['docs/kubernetes/install.md', 'docs/getting-started-kind.md'].map((page) => [
    page,
    String.raw`(?:windlass:|image\.tag=|--version )${version}(?=-all-in-one\b|[\s\x60])`,
  ]),
].map(([file, pattern]) => ({ file, pattern: new RegExp(pattern, 'gm') }));

class Fault extends Error {}

const read = (file) => readFileSync(file, 'utf8');
const current = () => JSON.parse(read(manifest)).version;

/** @returns {{ heading: string, date: string, text: string }[]} the sections of the changelog, newest first */
function sections() {
  const parts = read(changelog).split(/^## /m).slice(1);
  return parts.map((part) => {
    const [, heading = '', date = ''] = /^\[([^\]]+)\] - (\S+)$/m.exec(part.split('\n')[0]) ?? [];
    return { heading, date, text: part.slice(part.indexOf('\n') + 1).trim() };
  });
}

const commands = {
  set(asked) {
    if (!new RegExp(`^${version}$`).test(asked ?? '')) throw new Fault('Name a version, such as 0.3.0.');
    for (const { file, pattern } of places) {
      const text = read(file);
      writeFileSync(
        file,
        text.replaceAll(pattern, (found, was) => found.replace(was, asked)),
      );
    }
    return `The version is ${asked}. Give ${changelog} a section for it.`;
  },
  check(tag) {
    const expected = current();
    for (const { file, pattern } of places) {
      const found = [...read(file).matchAll(pattern)].map(([, each]) => each);
      if (found.length === 0)
        throw new Fault(`${file} has no version: change the pattern in scripts/release.mjs.`);
      const other = found.find((each) => each !== expected);
      if (other !== undefined) throw new Fault(`${file} has ${other}, and ${manifest} ${expected}.`);
    }
    const [newest] = sections();
    if (newest?.heading !== expected) {
      throw new Fault(`${changelog} begins with ${newest?.heading}, and ${manifest} has ${expected}.`);
    }
    if (tag === undefined) return `Everything has the version ${expected}.`;
    if (tag !== `v${expected}`)
      throw new Fault(`The tag is ${tag}, and the version ${expected}: expected v${expected}.`);
    if (!/^\d{4}-\d{2}-\d{2}$/.test(newest.date)) {
      throw new Fault(
        `${changelog} has "${newest.date}" for ${expected}: write the day of the release, as 2026-11-30.`,
      );
    }
    return `${tag} can be released.`;
  },
  notes() {
    const [newest] = sections();
    if (newest?.heading !== current())
      throw new Fault(`${changelog} has no section ${current()} at its top.`);
    return newest.text;
  },
  chart(image) {
    if (!/^[a-z0-9.-]+(?::\d+)?(?:\/[a-z0-9._-]+)+$/.test(image ?? '')) {
      throw new Fault('Name the image without a tag, such as ghcr.io/example/windlass.');
    }
    const text = read(values);
    const parts = text.split('repository: windlass\n');
    if (parts.length !== 2) throw new Fault(`${values} has ${parts.length - 1} images "windlass", not one.`);
    const [, repository] = /^ghcr\.io\/([^/]+\/[^/]+)$/.exec(image) ?? [];
    const runbooks = `https://github.com/${repository}/blob/v${current()}/docs/runbooks.md`;
    const written = parts.join(`repository: ${image}\n`);
    writeFileSync(
      values,
      repository === undefined ? written : written.replace('runbookUrl: ""', `runbookUrl: "${runbooks}"`),
    );
    return `The chart installs ${image}:${current()}.`;
  },
};

try {
  const [name = '', ...args] = process.argv.slice(2);
  if (!Object.hasOwn(commands, name)) throw new Fault(`Use one of ${Object.keys(commands).join(', ')}.`);
  console.log(commands[name](...args));
} catch (error) {
  if (!(error instanceof Fault)) throw error;
  console.error(`release: ${error.message}`);
  process.exitCode = 1;
}
