/** What became of a pull request. It is in workflow histories: add fields as optional ones. */
export interface PullRequestState {
  readonly number: number;
  readonly state: 'open' | 'merged' | 'closed';
  /** Commit id of its head. */
  readonly head: string;
  /** Who merged or closed it, as the service calls them; absent where it does not say. */
  readonly by?: string;
  /** When it was merged or closed, milliseconds since the epoch. */
  readonly at?: number;
}
