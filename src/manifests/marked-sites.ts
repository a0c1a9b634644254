import { type CST } from 'yaml';
import { type Location, documentRoot, entryOf, itemOf } from './yaml-location';
import { type ValueScalar, isValueScalar } from './value-scalar';

/** What a marker marks. */
export type Site =
  | {
      readonly kind: 'scalar';
      readonly scalar: ValueScalar;
      readonly tag: string | undefined;
      readonly location: Location;
    }
  /** No value yet: one belongs at this offset, after a space. */
  | {
      readonly kind: 'empty';
      readonly offset: number;
      readonly tag: string | undefined;
      readonly location: Location;
    }
  /** Something that cannot hold a version; `what` completes "the marker stands at". */
  | { readonly kind: 'unfit'; readonly what: string };

type Token = CST.Token | null | undefined;

const nothing: Site = { kind: 'unfit', what: 'no value' };
const bareKey: Site = { kind: 'unfit', what: 'a key' };
const map: Site = { kind: 'unfit', what: 'a map' };
const list: Site = { kind: 'unfit', what: 'a list' };

/**
 * Finds the value that each comment marks:
 * - a comment at the end of a line: the value that ends or is announced (`key:`, `-`) there;
 * - a comment alone on its line: the value that begins or is announced on the next line. Other comments are allowed
 *   between them, blank lines are not, and a comment that is indented deeper than the next line belongs to the text above.
 *
 * @param text the source of `tokens`, without errors
 * @param comments offsets of possible comments; those inside a string are not in the result
 */
export function findSites(
  text: string,
  tokens: readonly CST.Token[],
  comments: ReadonlySet<number>,
): ReadonlyMap<number, Site> {
  const finder = new SiteFinder(text, comments);
  for (const token of tokens) finder.visit(token);
  return finder.finish();
}

/** Walks the tokens in the order of the text; the depth is that of the document, less than the parser's own. */
class SiteFinder {
  private readonly sites = new Map<number, Site>();
  private last: { readonly end: number; readonly site: Site } = { end: 0, site: nothing };
  private waiting: number[] = [];
  private lineIsBlank = true;

  constructor(
    private readonly text: string,
    private readonly comments: ReadonlySet<number>,
  ) {}

  visit(token: CST.Token): void {
    if (token.type === 'document') {
      const site = token.value === undefined ? nothing : siteOf(token.start, token.value, documentRoot);
      this.announce(token.start, site);
      this.node(token.value, site, documentRoot);
      this.trivia(token.end);
    } else if (token.type === 'doc-end') {
      this.trivia(token.end);
    } else {
      this.trivia([token]);
    }
  }

  finish(): ReadonlyMap<number, Site> {
    this.assign(nothing);
    return this.sites;
  }

  private node(token: Token, site: Site, location: Location): void {
    switch (token?.type) {
      case 'alias':
      case 'scalar':
      case 'single-quoted-scalar':
      case 'double-quoted-scalar':
        this.reach(token, site);
        this.trivia(token.end);
        break;
      case 'block-scalar':
        for (const prop of token.props) {
          if (prop.type === 'block-scalar-header') this.reach(prop, site);
          else this.trivia([prop]);
        }
        break;
      case 'block-map':
        for (const item of token.items) this.pair(item, token, location);
        break;
      case 'block-seq':
        token.items.forEach((item, index) => this.element(item, itemOf(location, index)));
        break;
      case 'flow-collection':
        this.reach(token.start, site);
        token.items.forEach((item, index) => {
          if (item.key === undefined && item.sep === undefined) this.element(item, itemOf(location, index));
          else this.pair(item, token, location);
        });
        for (const end of token.end) {
          if (end.type === 'flow-map-end' || end.type === 'flow-seq-end') this.reach(end, nothing, site);
          else this.trivia([end]);
        }
        break;
      default:
    }
  }

  private pair(item: CST.CollectionItem, map: CST.BlockMap | CST.FlowCollection, parent: Location): void {
    const location = entryOf(parent, map, item.key);
    const site = siteOf(item.sep ?? [], item.value, location);
    this.announce(item.start, site, bareKey);
    const { key } = item;
    if (isValueScalar(key)) {
      this.reach(key, site, bareKey);
      this.trivia(key.end);
    } else {
      this.node(key, bareKey, location);
    }
    this.announce(item.sep ?? [], site);
    this.node(item.value, site, location);
  }

  private element(item: CST.CollectionItem, location: Location): void {
    const site = siteOf(item.start, item.value, location);
    this.announce(item.start, site);
    this.node(item.value, site, location);
  }

  /** Passes the tokens before a node: indicators, anchors and tags announce it. */
  private announce(tokens: readonly CST.SourceToken[], site: Site, behind: Site = site): void {
    for (const token of tokens) {
      if (announcing.has(token.type)) this.reach(token, site, behind);
      else this.trivia([token]);
    }
  }

  /** Passes a token: `above` is what a comment above it marks, `behind` what a comment after it marks. */
  private reach(token: { offset: number; source: string }, above: Site, behind: Site = above): void {
    if (this.waiting.length > 0) {
      const column = this.column(token.offset);
      this.assign(above, (comment) => this.column(comment) <= column);
    }
    this.last = { end: token.offset + token.source.length, site: behind };
  }

  private trivia(tokens: readonly CST.Token[] | undefined): void {
    for (const token of tokens ?? []) {
      if (token.type === 'newline') {
        if (this.lineIsBlank) this.assign(nothing);
        this.lineIsBlank = true;
      } else if (token.type === 'comment') {
        this.lineIsBlank = false;
        if (this.comments.has(token.offset)) this.comment(token.offset);
      }
    }
  }

  private comment(offset: number): void {
    const lineStart = this.lineStart(offset);
    if (/^[ \t]*$/.test(this.text.slice(lineStart, offset))) this.waiting.push(offset);
    else this.sites.set(offset, this.last.end > lineStart ? this.last.site : nothing);
  }

  private assign(site: Site, applies: (comment: number) => boolean = () => true): void {
    for (const comment of this.waiting) this.sites.set(comment, applies(comment) ? site : nothing);
    this.waiting = [];
  }

  private column(offset: number): number {
    return offset - this.lineStart(offset);
  }

  /** A byte order mark does not count as content of the first line. */
  private lineStart(offset: number): number {
    const newline = offset === 0 ? -1 : this.text.lastIndexOf('\n', offset - 1);
    return newline === -1 && this.text.startsWith('\uFEFF') ? 1 : newline + 1;
  }
}

const announcing: ReadonlySet<CST.TokenType> = new Set([
  'doc-start',
  'explicit-key-ind',
  'map-value-ind',
  'seq-item-ind',
  'anchor',
  'tag',
] as const);

/** @param props what stands before the value, with the indicator that announces it */
function siteOf(props: readonly CST.SourceToken[], value: Token, location: Location): Site {
  const tag = props.findLast((token) => token.type === 'tag')?.source;
  if (isValueScalar(value) && value.source !== '') return { kind: 'scalar', scalar: value, tag, location };
  switch (value?.type) {
    case 'alias':
      return { kind: 'unfit', what: 'an alias, which has its value elsewhere' };
    case 'block-scalar':
      return { kind: 'unfit', what: 'a block scalar' };
    case 'block-map':
      return map;
    case 'block-seq':
      return list;
    case 'flow-collection':
      return value.start.source === '{' ? map : list;
    default: {
      const last = props.findLast((token) => announcing.has(token.type));
      if (last === undefined) return bareKey;
      return { kind: 'empty', offset: last.offset + last.source.length, tag, location };
    }
  }
}
