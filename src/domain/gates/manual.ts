import { formatPipelineRef } from '../pipeline/pipeline';
import { type RichText } from '../rich-text';
import { commandLine } from '../shell';
import { type Gate, type GateFacts } from './gate';

export interface ManualPolicy {
  /** Hold the promotion until a person approves its version. */
  readonly manual: boolean;
  /** Only an approval counts that the API vouches for. */
  readonly vouched?: true;
}

/** `manual: true`. To withdraw a version needs no approval: nothing is deployed by it. */
export const manual: Gate<ManualPolicy> = (facts, policy) =>
  !policy.manual || facts.approved || facts.task.action === 'withdraw'
    ? { open: true }
    : {
        open: false,
        until: 'approval',
        brief: 'approval',
        next: [
          'To approve, ',
          ...(policy.vouched === true ? command(facts) : update(facts)),
          '. A newer version takes its place.',
        ],
      };

function command({ task: { pipeline, to, version } }: GateFacts): RichText {
  return ['use ', { code: commandLine(['windlass', 'approve', formatPipelineRef(pipeline), to, version]) }];
}

function update({ task, workflowId }: GateFacts): RichText {
  return [
    'send the update ',
    { code: 'promote' },
    ' with ',
    { code: `{"version": "${task.version}"}` },
    ' to the workflow ',
    { code: workflowId },
  ];
}
