/** What people ask of a lane by the API. The updates of Temporal's CLI are in requests.ts. */
import { clipText, sha256Hex } from '../names';
import { type DeploymentEvent } from '../event';
import { formatPipelineRef } from '../pipeline/pipeline';
import { type PromotionRequest } from '../promotion/promotion';
import { compareVersions } from '../version/compare-versions';
import { type ReportedVersion } from '../version/reported-version';
import { describeRetry } from './describe-retry';
import { type LaneAct } from './lane-act';
import { type LaneState, type LaneTask } from './lane-state';
import { type LaneStep } from './lane-step';
import { isQueued, leaveQueue, leftOf } from './queue';
import { ranOf } from './ran-versions';
import { isRetryable, onRetry, promoteFirst, requestable } from './requests';
import { holdAbove, isRollback, newerThan } from './roll-back';
import { isHeld } from './held-versions';
import { goFirst } from './turns';

/** A client that gets no answer repeats its act within minutes. */
const actsLimit = 256;
/** As of reporters that the webhook takes. */
const reporterBytes = 128;
/** Before the name of a person who takes the place of a reporter. */
const person = 'person:';

/** Does what a person asks for, once for each key. */
export function onAct(state: LaneState, act: LaneAct): LaneStep {
  if (isDone(state, act)) {
    return {
      state,
      answer: {
        said: 'This was asked for before, with the same key: nothing happens twice.',
        repeated: true,
      },
    };
  }
  const refused = actFault(state, act);
  if (refused !== undefined) return { state, answer: { refused } };
  const seen: LaneState = { ...state, acts: [...(state.acts ?? []), act.key].slice(-actsLimit) };
  const { version = '' } = act;
  switch (act.kind) {
    case 'promote':
      return onPromote(seen, act, version);
    case 'rollback':
      return onRollBack(seen, act, version);
    case 'retry':
      return {
        state: onRetry(seen),
        answer: {
          said: describeRetry(seen),
          ...(seen.lastFailed === undefined ? {} : { version: seen.lastFailed.version }),
        },
      };
    case 'cancel':
      return {
        state: seen,
        answer: {
          said: `Cancelling the promotion of ${version} into ${state.environment}. An open pull request stays open.`,
        },
        ...(seen.inHand === undefined ? {} : { cancel: seen.inHand }),
      };
  }
}

/** @returns why it cannot be done now, as a sentence for the person who asks; undefined: it can, or was done before */
export function actFault(state: LaneState, act: LaneAct): string | undefined {
  if (isDone(state, act)) return undefined;
  const { environment, inHand } = state;
  const { kind, version = '' } = act;
  if (kind === 'retry') return isRetryable(state) ? undefined : describeRetry(state);
  if (kind === 'cancel') {
    if (inHand?.version === version) return undefined;
    const acting = inHand === undefined ? 'nothing is' : `${inHand.version} is`;
    return `Nothing to cancel: ${version} into ${environment} is not in progress, ${acting}.`;
  }
  return kind === 'promote' ? promoteFault(state, act, version) : rollBackFault(state, act, version);
}

/** Why a lane does not take a request that nothing vouches for, where workers have a key. */
export function unvouchedFault({ environment }: LaneState, kind: PromotionRequest['kind']): string {
  return `${environment} takes requests by the API only: use windlass ${kind}.`;
}

function promoteFault(state: LaneState, act: LaneAct, version: string): string | undefined {
  const { environment, inHand, waiting } = state;
  const acting = waiting ?? inHand;
  if (acting?.action === 'promote' && acting.version === version) {
    return `${version} into ${environment} is in progress already.`;
  }
  if (isQueued(state, version)) return `${version} waits in the queue of ${environment} already.`;
  const known = requestable(state, version);
  const newer = known === undefined || isRollback(known) ? runsAbove(state, version) : undefined;
  if (newer !== undefined) {
    return `${environment} has ${newer}, which is newer than ${version}: use windlass rollback, for a version that it has run.`;
  }
  return known === undefined ? sourceFault(state, act) : undefined;
}

/**
 * To go back to an older version is another permission. Versions without an order pass, and an environment that reports
 * nothing has nothing to go back to.
 * @returns what a target runs, or is about to, that is newer than the version
 */
function runsAbove({ running = [], settling }: LaneState, version: string): string | undefined {
  if (running.length === 0) return undefined;
  const merged = settling?.task.action === 'promote' ? [settling.task] : [];
  return [...running, ...merged].find((each) => (compareVersions(each.version, version) ?? 0) > 0)?.version;
}

function rollBackFault(state: LaneState, act: LaneAct, version: string): string | undefined {
  const { environment, inHand, waiting } = state;
  const ran = ranOf(state);
  // What the API signs is this version, and no other spelling.
  if (!ran.some((each) => each.version === version)) {
    const possible = ran.map((each) => each.version).join(', ');
    const which = ran.length === 0 ? 'it has not reported any version' : `it has run ${possible}`;
    return `${environment} cannot be rolled back to ${version}: ${which}.`;
  }
  const acting = waiting ?? inHand;
  if (acting !== undefined && isRollback(acting) && acting.version === version) {
    return `The rollback of ${environment} to ${version} is in progress already.`;
  }
  return sourceFault(state, act);
}

function sourceFault(state: LaneState, act: LaneAct): string | undefined {
  return sourceOf(state, act) === undefined
    ? `The lane into ${state.environment} does not know the environment before it: name it as "source".`
    : undefined;
}

/** The environment promoted from. */
function sourceOf(state: LaneState, { source }: LaneAct): string | undefined {
  const { inHand, waiting, settling, deployed, lastFailed, queue = [], held = [], outcomes } = state;
  const tasks = [
    inHand,
    waiting,
    settling?.task,
    deployed,
    lastFailed,
    ...queue,
    ...held.map(({ task }) => task),
  ];
  return source ?? [...tasks, ...outcomes].find((each) => each?.from !== undefined)?.from;
}

function onPromote(state: LaneState, act: LaneAct, version: string): LaneStep {
  const known = requestable(state, version);
  const asked =
    known === undefined
      ? taskOf(state, act, { version }, 'promote')
      : requestedBy({ ...known, start: 'again' }, act, 'promote');
  const acting = state.inHand;
  const place = acting === undefined ? '' : ` It goes before ${acting.version}, which is in progress.`;
  return {
    ...promoteFirst(state, asked),
    answer: { said: `Promoting ${version} into ${state.environment}.${place}` },
  };
}

function onRollBack(state: LaneState, act: LaneAct, version: string): LaneStep {
  const { environment } = state;
  const target = ranOf(state).find((each) => each.version === version) ?? { version };
  const newer = newerThan(state, version);
  const held = holdAbove(state, version, act);
  const task = taskOf(state, act, target, 'rollback');
  // What is held leaves the queue by itself.
  const left = leaveQueue(held, 'superseded', (each) => !isHeld(held, each.version));
  const { reporter, at } = task.event;
  const next: LaneState = { ...left.state, newest: { reporter, at, version } };
  const kept = newer.length === 0 ? '' : ` Held until someone asks for them: ${newer.join(', ')}.`;
  return {
    ...leftOf(left),
    ...goFirst(next, task, version),
    answer: { said: `Rolling ${environment} back to ${version}.${kept}` },
    ...(act.next === undefined ? {} : { notOnward: { environment: act.next, to: { version, at: act.at } } }),
  };
}

/** Whether no target has reported the task's version for it. */
export function isUnreported({ request, event }: Pick<LaneTask, 'request' | 'event'>): boolean {
  return request !== undefined && event.reporter.startsWith(person);
}

function isDone({ acts = [] }: LaneState, { key }: LaneAct): boolean {
  return acts.includes(key);
}

/** A promotion that no target has reported. */
function taskOf(
  state: LaneState,
  act: LaneAct,
  { version, revision, ociDigest }: ReportedVersion,
  kind: PromotionRequest['kind'],
): LaneTask {
  const { pipeline, environment: to } = state;
  const from = sourceOf(state, act) ?? '';
  const acting = state.waiting ?? state.inHand;
  const event: DeploymentEvent = {
    pipeline,
    environment: from,
    identity: sha256Hex(JSON.stringify(['act', act.key, formatPipelineRef(pipeline), to, version])),
    kind: 'deployed',
    version,
    ...(revision === undefined ? {} : { revision }),
    ...(ociDigest === undefined ? {} : { ociDigest }),
    reporter: clipText(person + act.actor.name, reporterBytes),
    install: false,
    at: act.at,
    object: '',
    ...(acting?.event.supersede === undefined ? {} : { supersede: acting.event.supersede }),
  };
  const task: LaneTask = { action: 'promote', pipeline, from, to, version, event, start: 'new' };
  return requestedBy(task, act, kind);
}

/** @param task of the version that was asked for; its person does not approve it */
function requestedBy(task: LaneTask, act: LaneAct, kind: PromotionRequest['kind']): LaneTask {
  const { actor, reason, key, capability } = act;
  const request: PromotionRequest = {
    kind,
    actor,
    ...(reason === undefined ? {} : { reason }),
    key,
    ...(capability === undefined ? {} : { capability }),
  };
  return { ...task, requestedBy: [actor.name], request };
}
