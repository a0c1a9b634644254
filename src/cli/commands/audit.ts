import { type Session } from '../access/open-session';
import { type CallArguments } from '../api/client';
import { type Ending } from '../exit-codes';
import { type ListFlags, printData, printTable } from '../text/formats';
import { parseMoment } from '../text/moment';
import { auditColumns, auditCsv, auditGaps } from '../views/audit';
import { defined } from './defined';
import { parseNamespacedName } from './pipeline-argument';

type Query = NonNullable<CallArguments<'audit'>['query']>;

export interface AuditFlags extends ListFlags {
  readonly pipeline?: string;
  readonly namespace?: string;
  readonly environment?: string;
  readonly version?: string;
  readonly by?: string;
  readonly kind?: Query['kind'];
  readonly decisions?: boolean;
  readonly since?: string;
  readonly until?: string;
  readonly limit?: number;
}

const mostRecords = 10_000;

/** `windlass audit`. @returns not `done` if the record has gaps that the caller did not ask for */
export async function audit(session: Session, flags: AuditFlags): Promise<Ending> {
  const { client, terminal } = session;
  const { pipeline, namespace, environment, version, by, kind, decisions, limit, output } = flags;
  if (pipeline !== undefined) parseNamespacedName('Pipeline', pipeline);
  const now = session.now();
  const query = defined({
    pipeline,
    namespace,
    environment,
    version,
    by,
    kind,
    decisions: decisions === true ? 'true' : undefined,
    since: flags.since === undefined ? undefined : parseMoment('--since', flags.since, now, -1),
    until: flags.until === undefined ? undefined : parseMoment('--until', flags.until, now, -1),
    limit: limit ?? mostRecords,
  });
  const answer = await client.call('audit', { query });
  if (output === 'csv')
    for (const line of auditCsv(answer.records, flags.headers !== false)) terminal.print(line);
  else if (!printData(session, output, answer))
    printTable(session, flags, auditColumns, answer.records, 'The record has nothing of this.');
  for (const gap of auditGaps(answer)) terminal.note(gap);
  if (answer.silent.length > 0) return 'away';
  if (answer.complete) return 'done';
  terminal.note('There are more records: use --limit, or narrow --since and --until.');
  return limit === undefined ? 'failed' : 'done';
}
