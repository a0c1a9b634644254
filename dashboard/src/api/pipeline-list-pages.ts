/** Pages of the list of Pipelines, and how events change them: pure. */
import { type components } from './schema';

type Schemas = components['schemas'];

export interface PipelinePage {
  readonly items: readonly Schemas['PipelineSummary'][];
  readonly total?: number | undefined;
}

export interface EnvironmentChange {
  readonly namespace: string;
  readonly pipeline: string;
  /** As it is now. */
  readonly environment: Schemas['Environment'];
}

interface Patched<Page> {
  /** The same object as before, if it shows nothing of the changes. */
  readonly pages: readonly Page[];
  /** A row has changed in a way that no event describes. */
  readonly isOutdated: boolean;
  /** Pipelines that no page shows: new ones, those that are not read yet, and those that the list leaves out. */
  readonly others: readonly Place[];
}

interface Place {
  readonly namespace: string;
  readonly pipeline: string;
}

/** Only rows that differ are new objects, so that only they are drawn again. */
export function patchPages<Page extends PipelinePage>(
  pages: readonly Page[],
  changes: readonly EnvironmentChange[],
): Patched<Page> {
  const byPipeline = Map.groupBy(changes, keyOf);
  const found = new Set<string>();
  let isOutdated = false;
  const patched = replaced(pages, (page) => {
    const items = replaced(page.items, (row) => {
      const key = `${row.namespace}/${row.name}`;
      const ofRow = byPipeline.get(key);
      if (ofRow === undefined) return row;
      found.add(key);
      const now = patchRow(row, ofRow);
      isOutdated ||= now === undefined;
      return now ?? row;
    });
    return items === page.items ? page : { ...page, items };
  });
  const others = [...byPipeline].flatMap(([key, [first]]) => (found.has(key) || !first ? [] : [first]));
  return { pages: patched, isOutdated, others };
}

const keyOf = ({ namespace, pipeline }: Place): string => `${namespace}/${pipeline}`;

/**
 * Whether a list by name would show a Pipeline that it does not show, because it is new. Of labels, events say nothing.
 * @param pages those that were read
 */
export function wouldShow(
  pages: readonly (PipelinePage & { readonly next?: string | undefined })[],
  query: { readonly namespace?: string; readonly search?: string; readonly label?: readonly string[] },
  { namespace, pipeline }: Place,
): boolean {
  if (query.label !== undefined) return false;
  if (query.namespace !== undefined && query.namespace !== namespace) return false;
  const { search = '' } = query;
  if (!`${namespace}/${pipeline}`.toLowerCase().includes(search.toLowerCase())) return false;
  const lastPage = pages.at(-1);
  const lastRow = lastPage?.items.at(-1);
  if (lastPage?.next === undefined || lastRow === undefined) return true;
  return namespace === lastRow.namespace ? pipeline < lastRow.name : namespace < lastRow.namespace;
}

/** @returns undefined: the Pipeline itself has changed, which no event describes */
function patchRow(
  row: Schemas['PipelineSummary'],
  changes: readonly EnvironmentChange[],
): Schemas['PipelineSummary'] | undefined {
  let { environments, changedAt } = row;
  for (const { environment } of changes) {
    const index = environments.findIndex(({ name }) => name === environment.name);
    const known = environments[index];
    if (known === undefined || !row.valid) return undefined;
    // An answer that was read after the event is newer.
    if (isOlder(environment.changedAt, known.changedAt)) continue;
    environments = environments.with(index, environment);
    if (isOlder(changedAt, environment.changedAt)) ({ changedAt } = environment);
  }
  if (environments === row.environments) return row;
  return { ...row, environments, ...(changedAt === undefined ? {} : { changedAt }) };
}

/** Times of the API have one form, so that texts compare as times do. */
function isOlder(time: string | undefined, other: string | undefined): boolean {
  return other !== undefined && (time === undefined || time < other);
}

/** Without a Pipeline that was deleted. */
export function withoutPipeline<Page extends PipelinePage>(
  pages: readonly Page[],
  gone: Place,
): readonly Page[] {
  const isShown = pages.some(({ items }) => items.some(isGone));
  if (!isShown) return pages;
  return pages.map((page) => ({
    ...page,
    items: page.items.filter((row) => !isGone(row)),
    ...(page.total === undefined ? {} : { total: page.total - 1 }),
  }));

  function isGone({ namespace, name }: Schemas['PipelineSummary']): boolean {
    return namespace === gone.namespace && name === gone.pipeline;
  }
}

/** As `map`, but the same list if nothing differs. */
function replaced<T>(list: readonly T[], replace: (entry: T) => T): readonly T[] {
  const made = list.map(replace);
  return made.some((entry, index) => entry !== list[index]) ? made : list;
}
