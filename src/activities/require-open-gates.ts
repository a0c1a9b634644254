import { WindlassError } from '../domain/errors';
import { freezePolicy } from '../domain/freezes/freezes-in-force';
import { closedGates } from '../domain/gates/evaluate';
import { type GatePolicies } from '../domain/gates/registry';
import { type Environment, type Pipeline } from '../domain/pipeline/pipeline';
import { type PromotionTask } from '../domain/promotion/promotion';
import { type PipelineStore } from '../store/pipeline-store';
import { GatesClosed } from './gates-closed';

/**
 * An attempt may have waited for a worker, or be repeated after one was lost, until after the gates have closed.
 * @param before milliseconds since the epoch; undefined: time does not close them
 * @throws GatesClosed
 */
export function requireOpenGates(before: number | undefined): void {
  if (before === undefined || Date.now() < before) return;
  throw new GatesClosed('The gates closed before the attempt began: it did nothing.');
}

/** What stops everything at once, so that it is read again right before a promotion acts. */
type Holds = Pick<GatePolicies, 'suspended' | 'suspension' | 'freezes' | 'freezeStartsAt'>;

/**
 * Whether the environment is suspended or frozen now. A withdrawal deploys nothing: a freeze does not hold it, but what is
 * suspended is left as it is.
 * @throws WindlassError store-unavailable
 */
export async function readHolds(
  store: Pick<PipelineStore, 'freezes'>,
  task: Pick<PromotionTask, 'action'>,
  pipeline: Pipeline,
  environment: Pick<Environment, 'name' | 'suspended'>,
): Promise<Holds> {
  const suspended = pipeline.suspended === true || environment.suspended === true;
  const freezes = await store.freezes(pipeline.namespace).catch((error: unknown) => {
    // Where a bad version is withdrawn, what is not known must not stop it.
    if (task.action === 'withdraw' && error instanceof WindlassError) return [];
    throw error;
  });
  const { suspension, ...frozen } = freezePolicy(freezes, pipeline, environment.name, Date.now());
  return {
    ...(suspended ? { suspended } : {}),
    ...(suspension === undefined ? {} : { suspension }),
    ...(task.action === 'withdraw' ? {} : frozen),
  };
}

/**
 * To be called right before a promotion pushes, merges or notifies: someone may have suspended or frozen its environment
 * since its gates were open. Gates that a person has opened for it stay open.
 * @throws GatesClosed; WindlassError store-unavailable
 */
export async function requireNothingHolds(
  store: Pick<PipelineStore, 'pipeline' | 'freezes'>,
  task: PromotionTask,
): Promise<void> {
  const pipeline = await store.pipeline(task.pipeline).catch(closedWhileInvalid);
  const environment = pipeline?.environments.find(({ name }) => name === task.to);
  // That the environment is gone is another question than whether it is held.
  if (pipeline === undefined || environment === undefined) return;
  const holds = await readHolds(store, task, pipeline, environment);
  const { approved = false, approvals = [], overridden = [] } = task;
  const closed = closedGates(
    {
      task,
      workflowId: '',
      approved,
      approvals,
      overridden: overridden.flatMap(({ gates }) => gates),
      now: Date.now(),
    },
    { ...holds, manual: false },
  );
  if (closed.length === 0) return;
  throw new GatesClosed(
    `The gates closed before the attempt acted (${closed.map(({ brief }) => brief).join(', ')}): it did nothing.`,
  );
}

/** Nothing is known of an invalid Pipeline: the promotion waits until it is fixed, as before its first attempt. */
function closedWhileInvalid(error: unknown): never {
  if (!(error instanceof WindlassError) || error.code !== 'invalid-pipeline') throw error;
  throw new GatesClosed(error.message);
}
