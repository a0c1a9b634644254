/** Whether a pull request is open, and how it ended. It is in workflow histories: add fields as optional ones. */
export interface PullRequestState {
  readonly number: number;
  readonly state: 'open' | 'merged' | 'closed';
  /** Commit id of its head; absent where the pull request is gone. */
  readonly head?: string;
  /** Of an open one: it cannot be merged, because its base branch changed the same lines. */
  readonly conflicts?: true;
  /** Of an open one: people who wrote commits on it, by all names that the service and the commits give them. */
  readonly authors?: readonly string[];
  /** Who merged or closed it, as the service calls them; absent while it is open and where the service does not say. */
  readonly by?: string;
  /** When it was merged or closed, milliseconds since the epoch; absent as `by` is. */
  readonly at?: number;
}
