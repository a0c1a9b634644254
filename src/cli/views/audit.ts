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
export function auditGaps({ beginnings, silent }: Audit): string[] {
  return [
    ...beginnings.map(
      ({ namespace, pipeline, environment, since }) =>
        `The record of ${namespace}/${pipeline} ${environment} begins at ${since}: older lines were dropped.`,
    ),
    ...(silent.length === 0
      ? []
      : [
          `No worker answers for ${silent.join(', ')}: their records are missing. Run it again when a worker runs.`,
        ]),
  ];
}

function pipelineOf({ namespace, pipeline }: AuditEntry): string {
  return namespace === undefined
    ? (pipeline ?? '')
    : pipeline === undefined
      ? namespace
      : `${namespace}/${pipeline}`;
}
