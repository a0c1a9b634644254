import { type ActivityOptions } from '@temporalio/workflow';

/**
 * For an activity that only reads, within a few seconds. One that is not answered, as on a busy machine, is asked again
 * after this timeout; what it reads from may be away for a while.
 */
export const lookUp: ActivityOptions = {
  startToCloseTimeout: '15 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
};
