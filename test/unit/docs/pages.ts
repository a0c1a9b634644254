/** The project's own pages, taken apart as far as the tests of the documentation need. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(__dirname, '../../..');

export interface Page {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

export interface CodeBlock {
  readonly language: string;
  /** Without the indentation of the fence. */
  readonly text: string;
  /** `README.md:12`, for the test's name. */
  readonly place: string;
}

/** Every page at the root and below `docs/`. */
export const pages: readonly Page[] = [
  ...readdirSync(root),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`),
]
  .filter((path) => path.endsWith('.md'))
  .sort()
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

/** @throws Error when there is no such page */
export function page(path: string): Page {
  const found = pages.find((candidate) => candidate.path === path);
  if (found === undefined) throw new Error(`There is no page ${path}.`);
  return found;
}

const fence = /^( *)```(\w*)\n(.*?)^\1```$/gms;

export function codeBlocks({ path, text }: Page): CodeBlock[] {
  return [...text.matchAll(fence)].map(({ index, 1: indent = '', 2: language = '', 3: body = '' }) => ({
    language,
    text: body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    place: `${path}:${text.slice(0, index).split('\n').length}`,
  }));
}

/** What stands in backticks, outside of code blocks. */
export function codeSpans({ text }: Page): string[] {
  return [...text.replaceAll(fence, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
}

/** The first table below a heading, as its rows' cells without backticks; the head is left out. */
export function tableBelow({ path, text }: Page, heading: string): string[][] {
  const section = text.split(/^#+ /m).find((part) => part.startsWith(`${heading}\n`));
  const lines = section?.split('\n') ?? [];
  const start = lines.findIndex((line) => line.startsWith('|'));
  if (start === -1) throw new Error(`${path} has no table below "${heading}".`);
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  return lines.slice(start + 2, end === -1 ? undefined : end).map(cellsOf);
}

function cellsOf(line: string): string[] {
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.replaceAll('`', '').trim());
}

/** Anchors of a page's headings, as GitHub and GitLab make them. */
export function anchors({ text }: Page): string[] {
  return [...text.replaceAll(fence, '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
