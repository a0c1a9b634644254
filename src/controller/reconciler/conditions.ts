/**
 * The conditions of a Pipeline, as kstatus reads them
 * (https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/README.md): `Ready` always, `Reconciling` and
 * `Stalled` only while they are true. `GatesEnforced` is Windlass's own: only while it is false.
 */
import { clipText } from '../../domain/names';
import { type Pipeline } from '../../domain/pipeline/pipeline';
import { rfc3339Seconds } from '../../domain/rfc3339';
import { type PipelineFault, pipelineWarnings, type LackingFeature } from '../../resources/pipeline-faults';

/** The condition types that Windlass writes; it leaves all others alone. */
const conditionTypes = ['Ready', 'Reconciling', 'Stalled', 'GatesEnforced'] as const;

interface Statement {
  readonly type: (typeof conditionTypes)[number];
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}

export interface Condition extends Statement {
  readonly observedGeneration: number;
  readonly lastTransitionTime: string;
}

/** A condition found on a Pipeline, regardless of who wrote it. */
export type FoundCondition = Readonly<Partial<Record<keyof Condition, unknown>>>;

/** All objects of the cluster share one database, so the status must stay short. */
const messageBytes = 1_024;

/**
 * @param found the Pipeline's present conditions: an unchanged status keeps the time of its last transition
 * @param now milliseconds since the epoch
 */
export function conditionsOf(
  pipeline: Pipeline | undefined,
  faults: readonly PipelineFault[],
  {
    generation,
    found,
    unenforced = [],
    lack,
    now,
  }: {
    readonly generation: number;
    readonly found: readonly FoundCondition[];
    /** Environments whose gates do not prevent a merge. */
    readonly unenforced?: readonly string[];
    readonly lack: LackingFeature;
    readonly now: number;
  },
): Condition[] {
  const all = [...statements(pipeline, faults, lack), ...enforcement(pipeline, unenforced)];
  return all.map((statement) => {
    const before = found.find(({ type }) => type === statement.type);
    const since = before?.status === statement.status ? before.lastTransitionTime : undefined;
    return {
      ...statement,
      observedGeneration: generation,
      lastTransitionTime: typeof since === 'string' ? since : rfc3339Seconds(now),
    };
  });
}

function statements(
  pipeline: Pipeline | undefined,
  faults: readonly PipelineFault[],
  lack: LackingFeature,
): Statement[] {
  const [first] = faults;
  if (first === undefined) {
    const message = pipeline === undefined ? '' : readyMessage(pipeline, lack);
    // The reason that pipeline-controller gave.
    return [{ type: 'Ready', status: 'True', reason: 'ReconciliationSucceeded', message }];
  }
  const message = clipText(faults.map((fault) => fault.message).join(' '), messageBytes);
  const { reason } = first;
  return [
    { type: 'Ready', status: 'False', reason, message },
    first.lasts
      ? { type: 'Stalled', status: 'True', reason, message }
      : { type: 'Reconciling', status: 'True', reason: 'ProgressingWithRetry', message },
  ];
}

/** Of environments that the Pipeline still has. */
function enforcement(pipeline: Pipeline | undefined, unenforced: readonly string[]): Statement[] {
  const named = (pipeline?.environments ?? [])
    .map(({ name }) => name)
    .filter((name) => unenforced.includes(name));
  if (named.length === 0) return [];
  const message = clipText(
    `People can merge into ${named.join(', ')} while gates are closed: require the check windlass/gates in the protection of the base branch.`,
    messageBytes,
  );
  return [{ type: 'GatesEnforced', status: 'False', reason: 'CheckNotRequired', message }];
}

function readyMessage(pipeline: Pipeline, lack: LackingFeature): string {
  const warnings = pipelineWarnings(pipeline, lack).map((warning) => `Warning: ${warning}.`);
  return clipText([`${pipeline.appRef.name}: ${route(pipeline)}.`, ...warnings].join(' '), messageBytes);
}

function route({ environments }: Pipeline): string {
  return clipText(environments.map(({ name }) => name).join(' → '), messageBytes / 2);
}

/** Whether the found conditions equal `wanted`, so that no write is needed. */
export function areUpToDate(found: readonly FoundCondition[], wanted: readonly Condition[]): boolean {
  const ours = found.filter(({ type }) => conditionTypes.some((known) => known === type));
  return (
    ours.length === wanted.length &&
    wanted.every((condition) =>
      ours.some((before) =>
        (Object.keys(condition) as (keyof Condition)[]).every((field) => before[field] === condition[field]),
      ),
    )
  );
}
