/** The trace of a promotion is that of the request that led to it first. It decides nothing. */
import { type LaneInput } from './lane-input';
import { type LaneTask } from './lane-state';
import { type LaneStep } from './lane-step';

/** Gives the tasks that an input has made its trace. */
export function traced(step: LaneStep, input: LaneInput): LaneStep {
  const isMade = madeBy(input);
  if (isMade === undefined) return step;
  const { traceparent, madeIt } = isMade;
  const { state } = step;
  const { waiting, queue } = state;
  const isNew = (task: LaneTask): boolean => task.traceparent === undefined && madeIt(task);
  const withTrace = (task: LaneTask): LaneTask => (isNew(task) ? { ...task, traceparent } : task);
  if (![...(waiting === undefined ? [] : [waiting]), ...(queue ?? [])].some(isNew)) return step;
  return {
    ...step,
    state: {
      ...state,
      ...(waiting === undefined ? {} : { waiting: withTrace(waiting) }),
      ...(queue === undefined ? {} : { queue: queue.map(withTrace) }),
    },
  };
}

function madeBy(
  input: LaneInput,
): { readonly traceparent: string; readonly madeIt: (task: LaneTask) => boolean } | undefined {
  if (input.type === 'event' && input.traceparent !== undefined) {
    const { identity } = input.event;
    return { traceparent: input.traceparent, madeIt: ({ event }) => event.identity === identity };
  }
  if (input.type === 'act' && input.traceparent !== undefined) {
    const { key } = input.act;
    return { traceparent: input.traceparent, madeIt: ({ request }) => request?.key === key };
  }
  return undefined;
}
