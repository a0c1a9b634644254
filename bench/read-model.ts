import { type LaneView } from '../src/domain/lane/lane-view';
import { pipelinesQuery } from '../src/operator/schemas/pipelines';
import { ChangeFeed } from '../src/read-model/change-feed';
import { JoinedPipelines } from '../src/read-model/joined-pipelines';
import { selectPipelines } from '../src/read-model/select-pipelines';
import { samplePipeline } from '../test/support/sample-pipeline';
import { median, printTable, verdict } from './measure';
import { type BenchOptions } from './run-options';

const pipelines = 5_000;
const queries = {
  'first page by name': {},
  'newest changes': { sort: 'changed' },
  'what has waited longest, 1,000 entries': { sort: 'waiting', state: 'waiting', limit: 1_000 },
  'label, text and version': { label: 'team=t3', search: 'app-1', version: '1.4.0' },
};

/** 5,000 Pipelines with three environments each: filtered, sorted and written as JSON. */
export async function main({ quick }: BenchOptions): Promise<void> {
  const joined = filled();
  const rounds = quick ? 5 : 30;
  const rows = Object.entries(queries).map(([name, query]) => {
    const parsed = pipelinesQuery.parse(query);
    const times = Array.from({ length: rounds }, () => {
      const started = performance.now();
      JSON.stringify(selectPipelines(joined.summaries(), parsed));
      return performance.now() - started;
    });
    return { name, ms: median(times) };
  });
  printTable(
    ['query', 'ms'],
    rows.map(({ name, ms }) => [name, ms.toFixed(1)]),
  );
  const slowest = Math.max(...rows.map(({ ms }) => ms));
  verdict('slowest list of 5,000 Pipelines / 1 s', slowest / 1_000, { atMost: 1 });
  await Promise.resolve();
}

function filled(): JoinedPipelines {
  const joined = new JoinedPipelines(new ChangeFeed('bench'));
  const all = Array.from({ length: pipelines }, (_, index) => ({
    ...samplePipeline,
    namespace: `team-${index % 50}`,
    name: `app-${index}`,
    labels: { team: `t${index % 10}` },
  }));
  joined.putPipelines(all.map((pipeline) => ({ valid: true, pipeline })));
  joined.putLanes(all.flatMap(({ namespace, name }, index) => lanesOf({ namespace, name }, index)));
  return joined;
}

function lanesOf(pipeline: LaneView['pipeline'], index: number): LaneView[] {
  const target = (version: string) => [{ version, object: 'real/app', at: index }];
  return ['staging', 'prod'].map((environment) => ({
    schema: 1,
    pipeline,
    environment,
    sentence: `${environment} waits for 1.4.0: 1 of 2 approvals, window opens Mon 09:00 CET`,
    acting: {
      version: '1.4.0',
      action: 'promote',
      identity: String(index).padStart(64, '0'),
      from: 'dev',
      since: 1_000 + index,
      state: 'waiting-for-approval',
      waits: `${environment} waits for 1.4.0: 1 of 2 approvals`,
    },
    running: target('1.3.0'),
    source: target('1.4.0'),
    last: { version: '1.3.0', state: 'deployed', endedAt: index },
    changedAt: 2_000 + index,
  }));
}
