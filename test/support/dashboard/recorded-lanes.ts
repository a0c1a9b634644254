/** Lanes of a made-up installation with months of records: the same each time, up to `now`. */
import { type LaneView } from '../../../src/domain/lane/lane-view';
import { type Pipeline, type PipelineRef } from '../../../src/domain/pipeline/pipeline';
import { type AuditRecord } from '../../../src/domain/record/audit-record';
import { type KeptRecords } from '../../../src/domain/record/record-list';
import { laneId } from '../../../src/workflows/contract/ids';
import { laneViewOf, waiting } from '../lane-views';
import { samplePipeline } from '../sample-pipeline';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export interface RecordedLanes {
  readonly pipelines: readonly Pipeline[];
  readonly views: readonly LaneView[];
  readonly recordsOf: (pipeline: PipelineRef, environment: string) => Promise<KeptRecords | undefined>;
}

const people = ['oidc:alice@example.com', 'oidc:bob@example.com', 'oidc:carol@example.com'];

/** Three Pipelines of two teams, a version every three days each, some of them failed or rolled back. */
export function recordedLanes(now: number): RecordedLanes {
  const pipelines = ['shop', 'cart', 'search'].map((name, index) =>
    pipelineOf(name, index === 2 ? 'b' : 'a'),
  );
  const records = new Map<string, KeptRecords>();
  const views: LaneView[] = [];
  for (const [index, { namespace, name }] of pipelines.entries()) {
    for (const environment of ['staging', 'prod']) {
      const kept = recordsInto(environment, index, now);
      records.set(laneId({ namespace, name }, environment), {
        records: kept,
        ...(index === 1 && environment === 'prod' ? { forgotBefore: now - 50 * day } : {}),
      });
      views.push(
        laneViewOf({
          pipeline: { namespace, name },
          environment,
          recordedAt: kept[0]?.at ?? now,
          changedAt: now - hour,
          ...(environment === 'prod' ? { acting: waiting('1.30.0', now - (index + 1) ** 4 * hour) } : {}),
        }),
      );
    }
  }
  return {
    pipelines,
    views,
    recordsOf: (pipeline, environment) => Promise.resolve(records.get(laneId(pipeline, environment))),
  };
}

function pipelineOf(name: string, team: string): Pipeline {
  const [first] = samplePipeline.environments;
  if (first === undefined) throw new Error('The sample has no environments.');
  return {
    ...samplePipeline,
    namespace: 'apps',
    name,
    labels: { team },
    environments: ['dev', 'staging', 'prod'].map((environment) => ({ ...first, name: environment })),
  };
}

/** Newest first. */
function recordsInto(environment: string, index: number, now: number): readonly AuditRecord[] {
  const isProd = environment === 'prod';
  const records: AuditRecord[] = [];
  for (let n = 27; n >= 1; n -= 1) {
    const version = `1.${30 - n}.0`;
    const reportedAt = now - n * 3 * day - index * 5 * hour;
    const took = isProd ? (4 + ((n * 7) % 20)) * hour : (20 + ((n * 13) % 60)) * minute;
    const number = 100 + n;
    const proposedAt = reportedAt + (isProd ? 2 : 1) * minute;
    const url = `https://git.example.com/fleet/pull/${number}`;
    records.push({ kind: 'proposed', at: proposedAt, version, detail: url });
    if (n % 9 === 4) {
      records.push({ kind: 'failed', at: proposedAt + minute, version, detail: 'git.example.com: 503.' });
      records.push(decision('retry-requested', proposedAt + hour, version, n, 'The Git service is back.'));
    }
    if (isProd) records.push(decision('approved', reportedAt + took / 2, version, n, 'Tested on staging.'));
    if (n % 11 === 3) {
      records.push({ kind: 'closed', at: reportedAt + took, version, by: 'alice', detail: url });
      continue;
    }
    records.push({ kind: 'merged', at: reportedAt + took - 5 * minute, version, by: 'bob', detail: url });
    records.push({ kind: 'deployed', at: reportedAt + took, version, reportedAt, detail: url });
    if (isProd && n % 8 === 5) {
      const older = `1.${29 - n}.0`;
      const asked = reportedAt + took + 3 * hour;
      records.push(decision('rollback-requested', asked, older, n, '=1+1, checkout fails for <b>guests</b>'));
      records.push({ kind: 'deployed', at: asked + 40 * minute, version: older });
    }
  }
  return records.toReversed();
}

function decision(
  kind: AuditRecord['kind'],
  at: number,
  version: string,
  n: number,
  detail: string,
): AuditRecord {
  const by = people[n % people.length] ?? '';
  return { kind, at, version, by, groups: ['oidc:sre'], via: 'oidc', from: '192.0.2.7', detail };
}
