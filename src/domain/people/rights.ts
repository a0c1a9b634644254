/** What people can be allowed to do, as verbs on `pipelines.pipelines.weave.works` in a namespace or on one Pipeline. */
export const verbs = {
  get: 'See the Pipeline, its promotions, freezes and records',
  promote: 'Promote a version that is not older than what runs, retry and cancel',
  approve: 'Approve and reject',
  rollback: 'Roll an environment back',
  freeze: 'Freeze and unfreeze, suspend and resume',
  'break-glass': 'Open gates of one promotion',
} as const;

export type Verb = keyof typeof verbs;

/** Where a right is asked for. */
export interface Place {
  /** Absent: in all namespaces. */
  readonly namespace?: string;
  /** Of a Pipeline. Absent: on all Pipelines of the namespace. */
  readonly name?: string;
}
