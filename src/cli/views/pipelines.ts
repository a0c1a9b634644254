import { type Environment, type PipelineSummary } from '../../operator/schemas/pipelines';
import { type Style } from '../access/open-session';
import { ageOf } from '../text/age';
import { type Cell, type Column } from '../text/table';
import { paintState } from './states';

/** A line of the table: an environment of a Pipeline, or a Pipeline that has none. */
export interface PipelineRow {
  readonly pipeline: PipelineSummary;
  readonly environment: Environment | undefined;
}

export function pipelineRows(pipelines: readonly PipelineSummary[]): PipelineRow[] {
  return pipelines.flatMap((pipeline): PipelineRow[] =>
    pipeline.environments.length === 0
      ? [{ pipeline, environment: undefined }]
      : pipeline.environments.map((environment) => ({ pipeline, environment })),
  );
}

export function pipelineColumns(now: number, style: Style): readonly Column<PipelineRow>[] {
  return [
    { title: 'PIPELINE', cell: ({ pipeline }) => `${pipeline.namespace}/${pipeline.name}` },
    { title: 'ENVIRONMENT', cell: ({ environment }) => environment?.name ?? '' },
    { title: 'RUNS', cell: ({ environment }) => runs(environment) },
    { title: 'NEXT', cell: ({ environment }) => nextVersion(environment) },
    { title: 'STATE', cell: ({ environment }) => stateCell(environment, style) },
    { title: 'CHANGED', cell: ({ environment }) => ageOf(environment?.changedAt, now) },
    { title: 'QUEUED', wide: true, cell: ({ environment }) => (environment?.queued ?? []).join(',') },
    {
      title: 'HELD',
      wide: true,
      cell: ({ environment }) => (environment?.held ?? []).map(({ version }) => version).join(','),
    },
    {
      title: 'PULL REQUEST',
      wide: true,
      cell: ({ environment }) => environment?.acting?.pullRequest?.url ?? '',
    },
    { title: 'MESSAGE', cut: true, cell: (row) => messageCell(row, style) },
  ];
}

/** What runs: one version, or all of them where targets differ. */
export function runs(environment: Environment | undefined): string {
  if (environment === undefined) return '';
  return environment.version ?? [...new Set(environment.running.map(({ version }) => version))].join(',');
}

export function nextVersion(environment: Environment | undefined): string {
  return environment?.acting?.version ?? environment?.settling?.version ?? '';
}

/** In a word. */
export function stateOf(environment: Environment | undefined): string {
  if (environment === undefined) return '';
  const { acting, settling, failed, last } = environment;
  if (acting !== undefined) return acting.state ?? 'promoting';
  return settling?.stage ?? last?.state ?? (failed === undefined ? '' : 'failed');
}

function stateCell(environment: Environment | undefined, style: Style): Cell {
  const text = stateOf(environment);
  return { text, paint: paintState(text, style) };
}

function messageCell({ pipeline, environment }: PipelineRow, style: Style): Cell {
  if (!pipeline.valid) return { text: `invalid: ${pipeline.fault ?? ''}`, paint: style.red };
  return { text: environment?.sentence ?? '' };
}
