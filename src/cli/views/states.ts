import { type Style } from '../access/open-session';
import { type Paint } from '../text/table';

const good = new Set(['deployed', 'merged', 'notified', 'unchanged', 'pull-request']);
const bad = new Set([
  'failed',
  'quarantined',
  'rolled-back',
  'tests-failed',
  'expired',
  'merged-outside-gates',
]);
const waits = new Set(['suspended', 'frozen', 'rejected', 'closed', 'retrying', 'cancelled']);

/** The color of a promotion's state. */
export function paintState(state: string | undefined, style: Style): Paint {
  if (state === undefined) return (text) => text;
  if (good.has(state)) return style.green;
  if (bad.has(state)) return style.red;
  return waits.has(state) || state.startsWith('waiting-') ? style.yellow : (text) => text;
}
