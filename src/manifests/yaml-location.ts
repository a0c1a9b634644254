import { CST } from 'yaml';
import { type VersionPlace } from '../domain/version/version-place';
import { type ValueScalar, isValueScalar } from './value-scalar';

type YamlMap = CST.BlockMap | CST.FlowCollection;

/** Where a value stands in its document: the maps and lists around it, outermost last. */
export type Location =
  | { readonly kind: 'document' }
  | {
      readonly kind: 'entry';
      readonly parent: Location;
      readonly map: YamlMap;
      readonly key: string;
    }
  | { readonly kind: 'item'; readonly parent: Location; readonly index: number };

export const documentRoot: Location = { kind: 'document' };

export function entryOf(parent: Location, map: YamlMap, key: CST.Token | null | undefined): Location {
  return { kind: 'entry', parent, map, key: textOf(key) ?? '' };
}

export function itemOf(parent: Location, index: number): Location {
  return { kind: 'item', parent, index };
}

/** What the rule about versions has to know of a value's surroundings. */
export function placeOf(location: Location): VersionPlace {
  const path: (string | number)[] = [];
  for (let at = location; at.kind !== 'document'; at = at.parent) {
    path.unshift(at.kind === 'entry' ? at.key : at.index);
    if (at.kind !== 'entry') continue;
    const kind = textOf(valueIn(at.map, 'kind'));
    // A reference such as chartRef has a kind too, but is no object.
    if (kind === undefined || textOf(valueIn(at.map, 'apiVersion')) === undefined) continue;
    return {
      kind,
      path,
      siblings: siblingsOf(location),
      url: textOf(valueIn(valueIn(at.map, 'spec'), 'url')),
    };
  }
  return { kind: undefined, path, siblings: siblingsOf(location), url: undefined };
}

/** The scalar at `key` beside the value, to be edited with it. */
export function siblingScalar(location: Location, key: string): ValueScalar | undefined {
  const value = location.kind === 'entry' ? surveyOf(location.map).entries.get(key) : undefined;
  return isValueScalar(value) ? value : undefined;
}

function siblingsOf(location: Location): ReadonlyMap<string, string> {
  return location.kind === 'entry' ? surveyOf(location.map).texts : new Map();
}

function valueIn(token: CST.Token | null | undefined, key: string): CST.Token | undefined {
  const isMap = token?.type === 'block-map' || token?.type === 'flow-collection';
  return isMap ? surveyOf(token).entries.get(key) : undefined;
}

interface Survey {
  readonly entries: ReadonlyMap<string, CST.Token>;
  readonly texts: ReadonlyMap<string, string>;
}

/** Each map is looked through once, however many of its values are marked. */
const surveys = new WeakMap<YamlMap, Survey>();

function surveyOf(map: YamlMap): Survey {
  const before = surveys.get(map);
  if (before !== undefined) return before;
  const entries = new Map<string, CST.Token>();
  const texts = new Map<string, string>();
  for (const { key, value } of map.items) {
    const name = textOf(key);
    if (name === undefined || value === undefined) continue;
    entries.set(name, value);
    const text = textOf(value);
    if (text !== undefined) texts.set(name, text);
  }
  const survey = { entries, texts };
  surveys.set(map, survey);
  return survey;
}

function textOf(token: CST.Token | null | undefined): string | undefined {
  return token !== null && token !== undefined && CST.isScalar(token)
    ? CST.resolveAsScalar(token, false).value
    : undefined;
}
