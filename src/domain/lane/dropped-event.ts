/** Events that a lane accepts and does not promote. None is dropped in silence: each has its reason here. */

interface DropKind {
  /** Whether it may surprise a user, and so is an Event on the Pipeline; the others are in the metric and the details. */
  readonly surprising: boolean;
  /** Completes "The event for <version> was not promoted: ". */
  readonly because: string;
}

export const dropReasons = {
  duplicate: { surprising: false, because: 'this deployment was reported before.' },
  outdated: { surprising: true, because: 'the same target reported a later deployment before.' },
  'same-version': { surprising: false, because: 'the lane promotes this version already, or did.' },
  'older-version': {
    surprising: true,
    because: 'another target of the environment reported a newer version, and this target never ran it.',
  },
  held: {
    surprising: true,
    because:
      'it is held in this environment, because its pull request was closed or it was rolled back. To promote it, use windlass promote.',
  },
  'queue-full': {
    surprising: true,
    because:
      'it waited in the queue, and more newer versions came than the queue holds. To promote it, report it again from the environment before.',
  },
  'rolled-back': {
    surprising: false,
    because: 'it waited in the queue, and the environment before went back to an older version.',
  },
  superseded: {
    surprising: false,
    because:
      'it waited in the queue until another version took its place: someone asked for that one, or gates.supersede is no longer queue.',
  },
  'not-onward': {
    surprising: false,
    because:
      'someone rolled the environment before back to this version. A newer version is promoted as usual.',
  },
  'nothing-to-withdraw': {
    surprising: false,
    because: 'the version that was rolled back is not the one that the lane promotes.',
  },
} as const satisfies Record<string, DropKind>;

/** The closed set of reasons. They are part of the interface: the metric's label and the docs list them. */
export type DropReason = keyof typeof dropReasons;

/** Kept in histories: change it as `LaneState`. */
export interface DroppedEvent {
  readonly version: string;
  readonly reason: DropReason;
  /** The event's time, milliseconds since the epoch. */
  readonly at: number;
}

const droppedLimit = 10;

/** @param kept and the result: newest first */
export function withDropped(
  kept: readonly DroppedEvent[] | undefined,
  dropped: DroppedEvent,
): readonly DroppedEvent[] {
  return [dropped, ...(kept ?? [])].slice(0, droppedLimit);
}

export function describeDrop({ version, reason }: DroppedEvent): string {
  return `The event for ${version} was not promoted: ${dropReasons[reason].because}`;
}
