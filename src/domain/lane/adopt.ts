import { type DeploymentEvent } from '../event';
import { sha256Hex } from '../names';
import { type LaneState } from './lane-state';

/**
 * Lanes of 0.1 forgot a pull request when it was open. One that wakes up takes the last one over: the promotion that waits
 * then finds it open, merged or closed, and does nothing twice.
 */
export function adoptOpenPullRequest(state: LaneState): LaneState {
  const { newest, environment: to, pipeline } = state;
  const [last] = state.outcomes;
  const isBusy = state.inHand ?? state.waiting ?? state.settling;
  if (state.remembers === true || isBusy !== undefined || newest === undefined) return state;
  if (last?.state !== 'pull-request' || last.version !== newest.version || last.from === undefined)
    return state;
  const event: DeploymentEvent = {
    pipeline,
    environment: last.from,
    identity: sha256Hex(JSON.stringify(['adopted', to, newest])),
    kind: 'deployed',
    version: newest.version,
    reporter: newest.reporter,
    ...(newest.release === undefined ? {} : { release: newest.release }),
    install: false,
    at: newest.at,
    object: newest.object ?? '',
  };
  return {
    ...state,
    // It was approved before it was opened.
    waiting: {
      action: 'promote',
      pipeline,
      from: last.from,
      to,
      version: event.version,
      event,
      start: 'again',
      approved: true,
    },
  };
}
