import { readableTime } from '../readable-time';
import { type Gate, type GateAnswer } from './gate';

/** A freeze that holds at the moment. It is in workflow histories: add fields as optional ones. */
export interface FreezeInForce {
  /** `namespace/name` of its object. */
  readonly name: string;
  readonly reason: string;
  /** Who decided it. */
  readonly author?: string;
  /** Its end, in milliseconds since the epoch. Absent: until it is removed. */
  readonly until?: number;
}

export interface FreezePolicy {
  /** Those that select the hop, the one that lasts longest first. */
  readonly freezes?: readonly FreezeInForce[];
  /** When the next one that is announced begins, in milliseconds since the epoch. */
  readonly freezeStartsAt?: number;
}

/** One that has begun since it was read is read again; the worker's clock may be behind the server's. */
const readAgainMs = 5_000;

/** Freezes of the installation, of a namespace or of some Pipelines. A withdrawal passes: nothing is deployed by it. */
export const freeze: Gate<FreezePolicy> = ({ task, now }, { freezes = [], freezeStartsAt }) => {
  if (task.action === 'withdraw') return { open: true };
  const [first] = freezes.filter(({ until }) => until === undefined || now < until);
  if (first === undefined) return announced(freezeStartsAt, now);
  const { name, reason, author, until } = first;
  return {
    open: false,
    until: until === undefined ? 'pipeline' : { at: until },
    brief: until === undefined ? 'frozen' : `frozen until ${readableTime(until)}`,
    next: [
      // As code: in a comment, what a guest writes must not notify anyone.
      { code: reason.replace(/\.$/, '') },
      ...(author === undefined ? [] : [' (', { code: author }, ')']),
      until === undefined
        ? '. It continues when the Freeze '
        : '. It continues by itself. To end it now, remove the Freeze ',
      { code: name },
      until === undefined ? ' is removed.' : '.',
    ],
  };
};

function announced(startsAt: number | undefined, now: number): GateAnswer {
  if (startsAt === undefined) return { open: true };
  if (now < startsAt) return { open: true, until: { at: startsAt } };
  return {
    open: false,
    until: { at: now + readAgainMs },
    brief: 'a freeze has begun',
    next: ['Reading until when it lasts.'],
  };
}
