import { type InjectedSinks } from '@temporalio/worker';
import { recordSpan } from '../tracing/spans';
import { type TraceSinks } from '../workflows/tracing';

/** Records what workflows say of their traces. */
export function createTraceSinks(): InjectedSinks<TraceSinks> {
  return {
    traces: {
      happened: { fn: (_info, name, moment) => recordSpan(name, moment), callDuringReplay: false },
    },
  };
}
