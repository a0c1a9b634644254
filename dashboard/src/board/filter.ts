/** What the board shows of all Pipelines: in the page's address, and in requests. Pure. */
import { type PipelinesQuery } from '../api/pipelines-query';

export type Attention = NonNullable<PipelinesQuery['state']>;
export type Sorting = NonNullable<PipelinesQuery['sort']>;

export interface BoardFilter {
  /** A part of namespace/name; empty: all. */
  readonly search: string;
  readonly namespace: string;
  /** `key=value`; empty: all. */
  readonly label: string;
  readonly state: Attention | undefined;
  /** Waits for the reader's approval. */
  readonly mine: boolean;
  readonly sort: Sorting;
}

export const everything: BoardFilter = {
  search: '',
  namespace: '',
  label: '',
  state: undefined,
  mine: false,
  sort: 'name',
};

/** By which people look for what needs them, in the order of the page. */
export const attentions: readonly { readonly state: Attention; readonly name: string }[] = [
  { state: 'approval', name: 'Needs approval' },
  { state: 'failed', name: 'Failed' },
  { state: 'waiting', name: 'Waiting' },
  { state: 'open', name: 'Open pull request' },
  { state: 'held', name: 'Held back' },
];

export const sortings: readonly { readonly sort: Sorting; readonly name: string }[] = [
  { sort: 'name', name: 'Name' },
  { sort: 'changed', name: 'Newest change' },
  { sort: 'waiting', name: 'Longest wait' },
];

/** What the API takes at most. */
export const longest = { search: 253, namespace: 63, label: 400 } as const;

/** Of an address that anyone can write: what is unknown counts as absent. */
export function readFilter(params: URLSearchParams): BoardFilter {
  const text = (name: keyof typeof longest): string => (params.get(name) ?? '').slice(0, longest[name]);
  return {
    search: text('search'),
    namespace: text('namespace'),
    label: text('label'),
    state: attentions.find(({ state }) => state === params.get('state'))?.state,
    mine: params.get('mine') === 'true',
    sort: sortings.find(({ sort }) => sort === params.get('sort'))?.sort ?? everything.sort,
  };
}

/** Without what is as usual, so that addresses stay short. */
export function writeFilter({ search, namespace, label, state, mine, sort }: BoardFilter): URLSearchParams {
  return new URLSearchParams({
    ...(search === '' ? {} : { search }),
    ...(namespace === '' ? {} : { namespace }),
    ...(label === '' ? {} : { label }),
    ...(state === undefined ? {} : { state }),
    ...(mine ? { mine: 'true' } : {}),
    ...(sort === everything.sort ? {} : { sort }),
  });
}

/** Whether some Pipelines are left out. */
export function leavesOut({ sort: _, ...filter }: BoardFilter): boolean {
  return writeFilter({ ...filter, sort: everything.sort }).size > 0;
}

/** Whether what happens in an environment can change which Pipelines are shown, or their order. */
export function followsEvents({ state, mine, sort }: BoardFilter): boolean {
  return state !== undefined || mine || sort !== 'name';
}

export function queryOf({ search, namespace, label, state, mine, sort }: BoardFilter): PipelinesQuery {
  const trimmed = search.trim();
  return {
    sort,
    ...(trimmed === '' ? {} : { search: trimmed }),
    ...(namespace === '' ? {} : { namespace }),
    ...(label === '' ? {} : { label: [label] }),
    ...(state === undefined ? {} : { state }),
    ...(mine ? { mine } : {}),
  };
}
