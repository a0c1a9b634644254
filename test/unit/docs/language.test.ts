import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { page, pages, root, tableBelow } from './pages';

const guide = page('docs/style.md');

/** Words that docs/style.md excludes. */
const excluded = [
  ...tableBelow(guide, 'Glossary').map(([, , words = '']) => words),
  ...tableBelow(guide, 'Words').map(([, words = '']) => words),
].flatMap((words) => words.split(',').flatMap((word) => (word.trim() === '' ? [] : [word.trim()])));

/** Correct English that contains an excluded word. */
const allowed = /\b(?:is no longer|is no more than|needs? to come)\b/gi;

const patterns = excluded.map((words) => ({
  words,
  pattern: new RegExp(`\\b${words.replaceAll(' ', '\\s+(?:[#*/]+\\s+)?')}(?:s|ed|ing)?\\b`, 'i'),
}));

function faults(text: string): string[] {
  const checked = text.replaceAll(allowed, '');
  return patterns.filter(({ pattern }) => pattern.test(checked)).map(({ words }) => words);
}

/** Without code, which quotes identifiers and messages of other programs. */
function prose(text: string): string {
  return text.replaceAll(/^( *)```.*?^\1```$/gms, '').replaceAll(/`[^`\n]+`/g, '');
}

/** The comments, strings and texts between tags of a source file. */
function textsOf(path: string, source: string): string {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest);
  const texts: string[] = [];
  const comments = new Map<number, string>();
  const visit = (node: ts.Node): void => {
    const ranges = [
      ...(ts.getLeadingCommentRanges(source, node.getFullStart()) ?? []),
      ...(ts.getTrailingCommentRanges(source, node.getEnd()) ?? []),
    ];
    for (const { pos, end } of ranges) comments.set(pos, source.slice(pos, end));
    if (
      ts.isJsxText(node) ||
      ts.isStringLiteralLike(node) ||
      ts.isTemplateHead(node) ||
      ts.isTemplateMiddleOrTemplateTail(node)
    ) {
      texts.push(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return [...comments.values(), ...texts].join('\n\0\n');
}

const filesBelow = (folder: string, extension: RegExp) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name}`)
    .filter((path) => extension.test(path));

const read = (path: string) => readFileSync(join(root, path), 'utf8');

const sources = [
  ...['src', 'demo', 'scripts'].flatMap((folder) => filesBelow(folder, /\.(?:ts|mjs)$/)),
  ...filesBelow('dashboard/src', /(?<!\.d)\.tsx?$/),
];

it('finds the words that the style guide excludes, in all their forms', () => {
  expect(excluded.length).toBeGreaterThan(30);
  expect(faults('Mended it, and the next one\ncomes again.')).toEqual(['mend', 'comes again']);
  expect(faults('Amended: this is no longer valid.')).toEqual([]);
});

it.each([
  ...pages.filter((each) => each !== guide),
  ...['bench/README.md', ...filesBelow('src/providers', /\.md$/)].map((path) => ({ path, text: read(path) })),
])('$path uses the words of the style guide', ({ text }) => {
  expect(faults(prose(text))).toEqual([]);
});

it.each([
  ...filesBelow('charts/windlass', /\.(?:ya?ml|tpl|txt|json)$/),
  ...filesBelow('.github', /\.(?:ya?ml|md)$/),
  'docker-compose.yml',
  'renovate.json',
])('%s uses the words of the style guide', (path) => {
  expect(faults(read(path))).toEqual([]);
});

it.each(sources)('%s uses the words of the style guide', (path) => {
  expect(faults(textsOf(path, read(path)))).toEqual([]);
});
