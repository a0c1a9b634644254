/** Messages to other workflows that a workflow does not wait for, and must not end before: Temporal drops what is not sent by then. */
import { patched } from '@temporalio/workflow';

export interface PendingSends {
  add(send: Promise<unknown>): void;
  /** Whether all were sent, or will never be. Older code did not care. */
  allSent(): boolean;
}

export function openPendingSends(): PendingSends {
  let pending = 0;
  const done = (): void => {
    pending -= 1;
  };
  return {
    add(send) {
      pending += 1;
      send.then(done, done);
    },
    allSent: () => pending === 0 || !patched('wait-for-sends'),
  };
}
