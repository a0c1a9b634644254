/** Whether a pull request is open, and how it ended. It is in workflow histories: add fields as optional ones. */
export interface PullRequestState {
  readonly number: number;
  readonly state: 'open' | 'merged' | 'closed';
  /** Commit id of its head; absent where the pull request is gone. */
  readonly head?: string;
  /** Who merged or closed it, as the service calls them; absent while it is open and where the service does not say. */
  readonly by?: string;
  /** When it was merged or closed, milliseconds since the epoch; absent as `by` is. */
  readonly at?: number;
}
