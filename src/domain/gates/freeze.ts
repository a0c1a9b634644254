import { readableTime } from '../readable-time';
import { type Gate } from './gate';

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
}

/** Freezes of the installation, of a namespace or of some Pipelines. A withdrawal passes: nothing is deployed by it. */
export const freeze: Gate<FreezePolicy> = ({ task, now }, { freezes = [] }) => {
  const [first] = freezes.filter(({ until }) => until === undefined || now < until);
  if (first === undefined || task.action === 'withdraw') return { open: true };
  const { name, reason, author, until } = first;
  return {
    open: false,
    until: until === undefined ? 'pipeline' : { at: until },
    brief: until === undefined ? 'frozen' : `frozen until ${readableTime(until)}`,
    next: [
      `${author === undefined ? '' : `${author}: `}${reason} `,
      until === undefined ? 'It continues when the Freeze ' : 'It continues by itself. To end it now, remove the Freeze ',
      { code: name },
      until === undefined ? ' is removed.' : '.',
    ],
  };
};
