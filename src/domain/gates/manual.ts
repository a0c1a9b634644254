import { type Gate } from './gate';

export interface ManualPolicy {
  /** Hold the promotion until a person approves its version. */
  readonly manual: boolean;
}

/** `manual: true`. To withdraw a version needs no approval: nothing is deployed by it. */
export const manual: Gate<ManualPolicy> = ({ task, workflowId, approved }, policy) =>
  !policy.manual || approved || task.action === 'withdraw'
    ? { open: true }
    : {
        open: false,
        until: 'approval',
        brief: 'approval',
        next: [
          'To approve, send the update ',
          { code: 'promote' },
          ' with ',
          { code: `{"version": "${task.version}"}` },
          ' to the workflow ',
          { code: workflowId },
          '. A newer version takes its place.',
        ],
      };
