import { isRetryable } from './requests';
import { type LaneState } from './lane-state';

/** What asking for a retry brings about, as a sentence for the person who asks. */
export function describeRetry(state: LaneState): string {
  const { inHand, waiting, environment } = state;
  const busy = inHand ?? waiting;
  if (busy !== undefined) return `Nothing to retry: ${busy.version} into ${environment} is in progress.`;
  if (!isRetryable(state)) return `Nothing to retry: no promotion into ${environment} has failed last.`;
  const { action, version } = state.lastFailed;
  return action === 'promote'
    ? `Running the promotion of ${version} into ${environment} again.`
    : `Running the withdrawal of ${version} from ${environment} again.`;
}
