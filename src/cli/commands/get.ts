import { asksForEnvironments, isAskedFor, needsApproval } from '../../operator/environment-filter';
import { type attentions, type Environment } from '../../operator/schemas/pipelines';
import { type Session } from '../access/open-session';
import { allPages } from '../api/all-pages';
import { type CallArguments } from '../api/client';
import { followEvents } from '../api/event-stream';
import { type Ending } from '../exit-codes';
import { defined } from './defined';
import { type ListFlags, printData, printGrowingTable, printTable } from '../text/formats';
import { parseMoment } from '../text/moment';
import { type Column, rowText } from '../text/table';
import { freezeColumns } from '../views/freezes';
import { freshnessNotes, type Fresh } from '../views/freshness';
import { pipelineColumns, pipelineRows } from '../views/pipelines';
import { promotionColumns } from '../views/promotions';
import { parseNamespacedName } from './pipeline-argument';

interface LongListFlags extends ListFlags {
  readonly limit?: number;
  readonly watch?: boolean;
}

export interface GetPipelinesFlags extends LongListFlags {
  readonly namespace?: string;
  readonly selector?: string[];
  readonly search?: string;
  readonly environment?: string;
  readonly version?: string;
  readonly state?: (typeof attentions)[number];
  readonly mine?: boolean;
  readonly sort?: 'name' | 'changed' | 'waiting';
}

export interface GetPromotionsFlags extends LongListFlags {
  readonly pipeline?: string;
  readonly environment?: string;
  readonly state?: NonNullable<CallArguments<'listPromotions'>['query']>['state'];
  readonly version?: string;
  readonly actor?: string;
  readonly since?: string;
  readonly until?: string;
}

/** Lists of people are read to their end; more than this is a report. */
const defaultLimit = 10_000;

/** `windlass get pipelines` */
export async function getPipelines(session: Session, flags: GetPipelinesFlags): Promise<Ending> {
  const { selector, limit, namespace, search, environment, version, state, mine, sort } = flags;
  const query = defined({
    namespace,
    search,
    environment,
    version,
    state,
    sort,
    label: selector,
    mine: mine === true ? 'true' : undefined,
  });
  const asked = { environment, version, state };
  const fits = (each: Environment | undefined): boolean =>
    (!asksForEnvironments(asked) || (each !== undefined && isAskedFor(each, asked))) &&
    (mine !== true || (each !== undefined && needsApproval(each)));
  return showList(session, flags, {
    read: () =>
      allPages(limit ?? defaultLimit, (page) =>
        session.client.call('listPipelines', { query: { ...query, ...page } }),
      ),
    rows: ({ items }) => pipelineRows(items).filter((row) => fits(row.environment)),
    columns: (at) => pipelineColumns(at, session.style),
    nameOf: ({ pipeline }) => `${pipeline.namespace}/${pipeline.name}`,
    keyOf: ({ pipeline, environment: one }) => `${pipeline.namespace}/${pipeline.name}/${one?.name ?? ''}`,
    nothing: 'No Pipelines found.',
  });
}

/** `windlass get promotions` */
export async function getPromotions(session: Session, flags: GetPromotionsFlags): Promise<Ending> {
  const { pipeline, environment, state, version, actor, limit } = flags;
  if (pipeline !== undefined) parseNamespacedName('Pipeline', pipeline);
  const now = session.now();
  const query = defined({
    pipeline,
    environment,
    state,
    version,
    actor,
    since: flags.since === undefined ? undefined : parseMoment('--since', flags.since, now, -1),
    until: flags.until === undefined ? undefined : parseMoment('--until', flags.until, now, -1),
  });
  return showList(session, flags, {
    read: () =>
      allPages(limit ?? 100, (page) =>
        session.client.call('listPromotions', { query: { ...query, ...page } }),
      ),
    rows: ({ items }) => items,
    columns: (at) => promotionColumns(at, session.style),
    nameOf: ({ id }) => id,
    keyOf: ({ id }) => id,
    nothing: 'No promotions found.',
  });
}

export interface GetFreezesFlags extends ListFlags {
  readonly namespace?: string;
  readonly all?: boolean;
}

/** `windlass get freezes` */
export async function getFreezes(session: Session, flags: GetFreezesFlags): Promise<Ending> {
  const query = defined({ namespace: flags.namespace, all: flags.all === true ? 'true' : undefined });
  return showList(session, flags, {
    read: () => session.client.call('listFreezes', { query }),
    rows: ({ items }) => items,
    columns: () => freezeColumns(session.style),
    nameOf: ({ namespace, name }) => `${namespace}/${name}`,
    keyOf: ({ namespace, name }) => `${namespace}/${name}`,
    nothing: 'No freezes found.',
  });
}

interface ListView<Answer, Row> {
  readonly read: () => Promise<Answer>;
  readonly rows: (answer: Answer) => readonly Row[];
  readonly columns: (now: number) => readonly Column<Row>[];
  readonly nameOf: (row: Row) => string;
  readonly keyOf: (row: Row) => string;
  readonly nothing: string;
}

async function showList<Answer extends Fresh & { readonly next?: string | undefined }, Row>(
  session: Session,
  flags: LongListFlags,
  view: ListView<Answer, Row>,
): Promise<Ending> {
  const { terminal } = session;
  const answer = await view.read();
  if (!printData(session, flags.output, answer)) {
    const rows = view.rows(answer);
    if (flags.output === 'name') for (const name of new Set(rows.map(view.nameOf))) terminal.print(name);
    else if (flags.watch === true) return watchList(session, flags, view, rows);
    else printTable(session, flags, view.columns(session.now()), rows, view.nothing);
  }
  for (const note of freshnessNotes(answer, session.now())) terminal.note(note);
  if (answer.next !== undefined) terminal.note('There are more: use --limit.');
  return 'done';
}

const betweenLooksMs = 1_000;

/** Prints the rows that change, as kubectl does, until the command is stopped. */
async function watchList<Answer, Row>(
  session: Session,
  flags: LongListFlags,
  view: ListView<Answer, Row>,
  first: readonly Row[],
): Promise<never> {
  const columns = view.columns(session.now());
  const more = printGrowingTable(session, flags, columns, first);
  const seen = new Map<string, string>();
  // Ages as of the start: that time passes is no change.
  const isNew = (row: Row): boolean => {
    const text = rowText(columns, row);
    const before = seen.get(view.keyOf(row));
    seen.set(view.keyOf(row), text);
    return text !== before;
  };
  first.forEach(isNew);
  const meanwhile = new Set<string>();
  const stream = (async () => {
    for await (const { name } of followEvents(session.client, {}, session.pause))
      if (name !== 'lost') meanwhile.add(name);
  })();
  for (;;) {
    // Many changes at once are one look at the list.
    await Promise.race([session.pause(betweenLooksMs), stream]);
    if (meanwhile.size === 0) continue;
    meanwhile.clear();
    const changed = view.rows(await view.read()).filter(isNew);
    more(view.columns(session.now()), changed);
  }
}
