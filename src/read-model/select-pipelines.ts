/** Filters, sorts and pages summaries: pure. */
import { asksForEnvironments, isAskedFor } from '../operator/environment-filter';
import { type PipelinesQuery, type PipelineSummary } from '../operator/schemas/pipelines';
import { makeCursor, readCursor } from './cursor';

export interface Selection {
  readonly items: PipelineSummary[];
  readonly next?: string;
  /** Entries on all pages. */
  readonly total: number;
}

const list = 'pipelines';

/**
 * @param summaries that the caller sees
 * @throws InvalidCursor
 */
export function selectPipelines(summaries: Iterable<PipelineSummary>, query: PipelinesQuery): Selection {
  const { limit, cursor, ...rest } = query;
  const fits = filterOf(query);
  const keyed = [...summaries].filter(fits).map((summary) => ({ summary, key: keyOf(summary, query.sort) }));
  keyed.sort((a, b) => compare(a.key, b.key));
  const after = cursor === undefined ? undefined : readCursor(list, rest, cursor);
  const start = after === undefined ? 0 : firstAfter(keyed, after);
  const page = keyed.slice(start, start + limit);
  const last = page.at(-1);
  const isEnd = start + limit >= keyed.length || last === undefined;
  return {
    items: page.map(({ summary }) => summary),
    ...(isEnd ? {} : { next: makeCursor(list, rest, last.key) }),
    total: keyed.length,
  };
}

/** Texts that are compared one by one: what changes while someone pages shifts no other entry. */
type Key = readonly string[];

function keyOf(summary: PipelineSummary, sort: PipelinesQuery['sort']): Key {
  const name = [summary.namespace, summary.name];
  switch (sort) {
    case 'name':
      return name;
    case 'changed':
      return [descending(summary.changedAt), ...name];
    case 'waiting':
      return [waitsSince(summary) ?? last, ...name];
  }
}

/** Behind all times and names. */
const last = '\uffff';

/** So that newer times come first, and those without any at the end. */
function descending(time: string | undefined): string {
  if (time === undefined) return last;
  return String(1e15 - Date.parse(time)).padStart(16, '0');
}

/** The oldest promotion that waits. */
function waitsSince({ environments }: PipelineSummary): string | undefined {
  return environments.flatMap(({ acting }) => (acting?.waits === undefined ? [] : [acting.since])).sort()[0];
}

function firstAfter(keyed: readonly { readonly key: Key }[], after: Key): number {
  const index = keyed.findIndex(({ key }) => compare(key, after) > 0);
  return index === -1 ? keyed.length : index;
}

function compare(a: Key, b: Key): number {
  for (const [index, text] of a.entries()) {
    const other = b[index] ?? '';
    if (text !== other) return text < other ? -1 : 1;
  }
  return 0;
}

function filterOf(query: PipelinesQuery): (summary: PipelineSummary) => boolean {
  const { namespace, label = [], search } = query;
  const wanted = search?.toLowerCase();
  return (summary) =>
    (namespace === undefined || summary.namespace === namespace) &&
    (wanted === undefined || `${summary.namespace}/${summary.name}`.toLowerCase().includes(wanted)) &&
    carriesLabels(summary.labels, label) &&
    (!asksForEnvironments(query) || summary.environments.some((each) => isAskedFor(each, query)));
}

/** @param wanted `key=value`; several: all of them */
export function carriesLabels(
  labels: Readonly<Record<string, string>>,
  wanted: string | readonly string[],
): boolean {
  return [wanted].flat().every((text) => {
    const [key = '', ...value] = text.split('=');
    return Object.hasOwn(labels, key) && labels[key] === value.join('=');
  });
}
