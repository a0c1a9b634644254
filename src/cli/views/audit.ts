import { type Audit, type AuditEntry } from '../../operator/schemas/audit';
import { wholeSeconds } from '../text/age';
import { csvLine } from '../text/csv';
import { type Column } from '../text/table';

export const auditColumns: readonly Column<AuditEntry>[] = [
  { title: 'TIME', cell: ({ at }) => wholeSeconds(at) },
  { title: 'WHAT', cell: ({ kind }) => kind },
  { title: 'PIPELINE', cell: (record) => pipelineOf(record) },
  { title: 'ENVIRONMENT', cell: ({ environment }) => environment ?? '' },
  { title: 'VERSION', cell: ({ version }) => version ?? '' },
  { title: 'BY', cell: ({ by }) => by ?? '' },
  { title: 'VIA', wide: true, cell: ({ via }) => via ?? '' },
  { title: 'FROM', wide: true, cell: ({ from }) => from ?? '' },
  { title: 'HEAD', wide: true, cell: ({ head }) => head ?? '' },
  { title: 'DETAIL', cut: true, cell: ({ detail }) => detail ?? '' },
];

const csvFields = [
  'at',
  'kind',
  'namespace',
  'pipeline',
  'environment',
  'version',
  'head',
  'by',
  'groups',
  'via',
  'from',
  'detail',
] as const satisfies readonly (keyof AuditEntry)[];

/** @param headers whether the first line names the columns */
export function auditCsv(records: readonly AuditEntry[], headers: boolean): string[] {
  const lines = records.map((record) =>
    csvLine(csvFields.map((field) => [record[field] ?? ''].flat().join(' '))),
  );
  return headers ? [csvLine(csvFields), ...lines] : lines;
}

/** Where the record is not whole, as sentences. */
export function auditGaps({ beginnings, silent, silence }: Audit): string[] {
  const begins = beginnings
    .slice(0, mostNamed)
    .map(
      ({ namespace, pipeline, environment, since }) =>
        `The record of ${namespace}/${pipeline} ${environment} begins at ${since}: older lines were dropped.`,
    );
  const more = beginnings.length - begins.length;
  return [
    ...begins,
    ...(more > 0 ? [`Older lines of ${more} more environments were dropped: -o json names them.`] : []),
    ...(silent.length === 0 ? [] : [silenceOf(silent, silence)]),
  ];
}

/** Of many, as many as fit on a screen beside the records. */
const mostNamed = 5;

function silenceOf(silent: readonly string[], silence: Audit['silence']): string {
  const more = silent.length - mostNamed;
  const names = silent.slice(0, mostNamed).join(', ');
  const lanes = more > 0 ? `${names} and ${more} more` : names;
  return silence === 'time'
    ? `There was not enough time for ${lanes}: their records are missing. Ask for less, with --pipeline, --namespace or --since.`
    : `No worker answers for ${lanes}: their records are missing. Run it again when a worker runs.`;
}

function pipelineOf({ namespace, pipeline }: AuditEntry): string {
  return namespace === undefined
    ? (pipeline ?? '')
    : pipeline === undefined
      ? namespace
      : `${namespace}/${pipeline}`;
}
