import { type Gate } from './gate';

export interface SuspendPolicy {
  /** `suspend: true` on the Pipeline or on the environment promoted into. */
  readonly suspended?: boolean;
}

/** Flux's convention: what is suspended is left as it is, so nothing is withdrawn either. */
export const suspend: Gate<SuspendPolicy> = ({ task }, { suspended }) =>
  suspended === true
    ? {
        open: false,
        until: 'pipeline',
        brief: 'suspended',
        next: [
          'It continues when ',
          { code: 'suspend' },
          ` is removed from the Pipeline or its environment ${task.to}.`,
        ],
      }
    : { open: true };
