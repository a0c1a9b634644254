interface PromotionState {
  /** Whether the promotion's workflow has ended with it. */
  readonly ended: boolean;
  /** Whether a promotion shows it as its search attribute `WindlassState`. */
  readonly shown: boolean;
  /** The Event on the Pipeline that reports it; without one, it is reported in Temporal only. */
  readonly event?: { readonly reason: string; readonly type: 'Normal' | 'Warning' };
  /** Its meaning, in Markdown, for the documentation. */
  readonly meaning: string;
}

/**
 * The closed set of all states of a promotion. Names and reasons are part of the interface: search attributes, the
 * Pipeline's status, alerts and docs contain them.
 */
export const promotionStates = {
  resolving: { ended: false, shown: true, meaning: 'Reads the Pipeline as it is now' },
  suspended: {
    ended: false,
    shown: true,
    event: { reason: 'Suspended', type: 'Normal' },
    meaning: 'Waits, because the Pipeline or the environment promoted into is suspended',
  },
  frozen: {
    ended: false,
    shown: true,
    event: { reason: 'Frozen', type: 'Normal' },
    meaning: 'Waits, because a Freeze selects the Pipeline and the environment promoted into',
  },
  'tests-failed': {
    ended: false,
    shown: true,
    event: { reason: 'TestsFailed', type: 'Warning' },
    meaning:
      'The Helm tests of its version failed in the source environment. Waits until they pass; its pull request stays open, if there is one',
  },
  'waiting-for-approval': {
    ended: false,
    shown: true,
    event: { reason: 'WaitingForApproval', type: 'Normal' },
    meaning: 'Waits for the approval of its version, because of `manual: true` or `gates.approvals`',
  },
  'waiting-for-tests': {
    ended: false,
    shown: true,
    event: { reason: 'WaitingForTests', type: 'Normal' },
    meaning:
      'Waits until the Helm tests of its version have passed in the source environment, because of `gates.promoteOn`',
  },
  'waiting-for-dependency': {
    ended: false,
    shown: true,
    event: { reason: 'WaitingForDependency', type: 'Normal' },
    meaning: 'Waits until other pipelines run the versions that `gates.dependsOn` asks for',
  },
  'waiting-for-soak': {
    ended: false,
    shown: true,
    event: { reason: 'WaitingForSoak', type: 'Normal' },
    meaning: 'Waits until its version has run in the source environment for the time in `gates.soak`',
  },
  'waiting-for-window': {
    ended: false,
    shown: true,
    event: { reason: 'WaitingForWindow', type: 'Normal' },
    meaning: 'Waits until the windows of the environment promoted into are open',
  },
  // What a person did about its gates: the promotion itself goes its way.
  overridden: {
    ended: false,
    shown: false,
    event: { reason: 'GatesOverridden', type: 'Warning' },
    meaning: 'A person opened gates for this promotion alone, with a reason',
  },
  // In the Pipeline's status, attempts and the waits between them are one state.
  started: {
    ended: false,
    shown: false,
    event: { reason: 'Started', type: 'Normal' },
    meaning: 'The first attempt begins; also to withdraw a pull request',
  },
  promoting: { ended: false, shown: true, meaning: 'An attempt is in progress' },
  retrying: {
    ended: false,
    shown: true,
    meaning: 'Waits for the next attempt after a failed one; the details say why and how long',
  },
  'pull-request': {
    ended: false,
    shown: true,
    event: { reason: 'PullRequestOpened', type: 'Normal' },
    meaning: 'A pull request is open and holds exactly this version. Waits until it is merged or closed',
  },
  'merged-outside-gates': {
    ended: false,
    shown: true,
    event: { reason: 'MergedOutsideGates', type: 'Warning' },
    meaning: 'As `merged`, but someone merged the pull request while gates were closed',
  },
  merged: {
    ended: false,
    shown: true,
    event: { reason: 'Merged', type: 'Normal' },
    meaning:
      'The pull request was merged. Waits until the environment reports the version; ends after `gates.deployTimeout`, 24 hours by default, or when a newer version is merged',
  },
  deployed: {
    ended: true,
    shown: true,
    event: { reason: 'Deployed', type: 'Normal' },
    meaning: 'All targets of the environment reported that they run the version',
  },
  'rolled-back': {
    ended: true,
    shown: true,
    event: { reason: 'RolledBack', type: 'Warning' },
    meaning: 'The environment went back to another version after the merge. The version is held',
  },
  closed: {
    ended: true,
    shown: true,
    event: { reason: 'Closed', type: 'Normal' },
    meaning: 'Someone closed the pull request without a merge. The version is held',
  },
  expired: {
    ended: true,
    shown: true,
    event: { reason: 'Expired', type: 'Warning' },
    meaning: 'Waited longer than `gates.expireAfter`; its pull request, if there was one, is closed',
  },
  unchanged: {
    ended: true,
    shown: true,
    event: { reason: 'Unchanged', type: 'Normal' },
    meaning:
      "The base branch already has this version; a pull request for an older event's version is closed",
  },
  notified: {
    ended: false,
    shown: true,
    event: { reason: 'Promote', type: 'Normal' },
    meaning:
      'The notification-controller has the event. Waits until the environment reports the version; ends after `gates.deployTimeout`, 24 hours by default, or when a newer version is notified',
  },
  superseded: {
    ended: true,
    shown: true,
    event: { reason: 'Superseded', type: 'Normal' },
    meaning: 'A newer version took its place',
  },
  rejected: {
    ended: true,
    shown: true,
    event: { reason: 'Rejected', type: 'Normal' },
    meaning: 'A person rejected its version',
  },
  withdrawn: {
    ended: true,
    shown: true,
    event: { reason: 'Withdrawn', type: 'Normal' },
    meaning: 'The source environment rolled the version back: its pull request, if there was one, is closed',
  },
  ignored: {
    ended: true,
    shown: true,
    event: { reason: 'Ignored', type: 'Normal' },
    meaning: 'The Pipeline was removed, or no longer promotes between these environments',
  },
  // The run has ended but the promotion continues: users of the Pipeline do not need to know.
  yielded: {
    ended: true,
    shown: true,
    meaning: 'Stopped between attempts so that its lane can continue as new; starts again at once',
  },
  failed: {
    ended: true,
    shown: true,
    event: { reason: 'Failed', type: 'Warning' },
    meaning: 'Gave up; a failure code says why',
  },
  quarantined: {
    ended: true,
    shown: true,
    event: { reason: 'Quarantined', type: 'Warning' },
    meaning:
      'Gave up, because its attempts ended the process that they ran in: a worker, and then twice a process of their own',
  },
  cancelled: {
    ended: true,
    shown: true,
    event: { reason: 'Cancelled', type: 'Normal' },
    meaning: 'An operator cancelled or terminated it',
  },
} as const satisfies Record<string, PromotionState>;

type States = typeof promotionStates;
type StatesWith<Fields> = { [S in keyof States]: States[S] extends Fields ? S : never }[keyof States];

/** Of the search attribute `WindlassState`. */
export type ShownState = StatesWith<{ readonly shown: true }>;

/** Reported in the Pipeline's status and Events. */
export type ReportedState = StatesWith<{ readonly event: object }>;

/** The reason of an Event on a Pipeline. */
export type EventReason = States[ReportedState]['event']['reason'];
