import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { scripts } from '../../../package.json';
import { anchors, codeSpans, page, pages, root, tableBelow } from './pages';

const links = pages.flatMap(({ path, text }) =>
  [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].map(([, target = '', anchor]) => ({
    from: path,
    to: target === '' ? path : normalize(join(dirname(path), target)),
    anchor,
  })),
);

it('every link within the documentation leads to a file that is there', () => {
  expect(links.filter(({ to }) => !existsSync(join(root, to)))).toEqual([]);
  expect(links.length).toBeGreaterThan(0);
});

it('every link to a heading leads to one that is there', () => {
  const lost = links.filter(({ to, anchor }) => anchor !== undefined && !anchors(page(to)).includes(anchor));
  expect(lost).toEqual([]);
});

it('every page can be reached from the README', () => {
  const reached = new Set(['README.md']);
  for (const path of reached) {
    for (const { from, to } of links) if (from === path && to.endsWith('.md')) reached.add(to);
  }
  expect(pages.map(({ path }) => path).filter((path) => !reached.has(path))).toEqual([]);
});

it('every path in the source that a page names is there', () => {
  const named = pages.flatMap((each) =>
    codeSpans(each)
      .filter((code) => /^(src|test|demo|docs|bench|scripts)\/[\w./-]+$/.test(code))
      .map((code) => ({ page: each.path, code })),
  );
  expect(named.filter(({ code }) => !existsSync(join(root, code)))).toEqual([]);
  expect(named.length).toBeGreaterThan(0);
});

it('the map of the source holds every folder, and nothing else', () => {
  const documented = tableBelow(page('docs/architecture.md'), 'Map of `src`').map(([folder]) => folder);
  const folders = readdirSync(join(root, 'src')).map((name) => `src/${name}`);
  expect([...documented].sort()).toEqual(folders.sort());
});

it('the table of test commands holds every npm script but those that run by themselves', () => {
  const documented = tableBelow(page('CONTRIBUTING.md'), 'Tests')
    .flatMap(([commands = '']) => commands.split(', '))
    .map((command) => /^npm (?:run )?([\w:-]+)/.exec(command)?.[1])
    .filter((script) => script !== undefined);
  expect([...documented, 'setup'].sort()).toEqual(Object.keys(scripts).sort());
});
