import { readableTime } from '../readable-time';
import { type Gate } from './gate';

/** A shorter one is within what an event takes to arrive. */
export const shortestSoakMs = 60_000;
/** Each newer version starts again: a longer one would hold everything where releases are weekly. */
export const longestSoakMs = 7 * 24 * 60 * 60 * 1000;

export interface SoakPolicy {
  /** How long a version runs in the source environment first, in milliseconds. Absent: no time. */
  readonly soakMs?: number;
}

/** `gates.soak`, from the event that reported the version. A withdrawal needs none: nothing is deployed by it. */
export const soak: Gate<SoakPolicy> = ({ task, now }, { soakMs }) => {
  if (soakMs === undefined || task.action === 'withdraw') return { open: true };
  const at = task.event.at + soakMs;
  if (now >= at) return { open: true };
  return {
    open: false,
    until: { at },
    brief: `soak time until ${readableTime(at)}`,
    next: [`${task.from} runs ${task.version} since ${readableTime(task.event.at)}. It continues by itself.`],
    edit: ['To let it continue now, change ', { code: 'gates.soak' }, ' of the Pipeline.'],
  };
};
