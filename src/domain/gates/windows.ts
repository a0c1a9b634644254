import { rfc3339Seconds } from '../rfc3339';
import { type Gate, type GateAnswer } from './gate';

/**
 * Whether the windows of an environment are open, in milliseconds since the epoch: without the time zones, whose data
 * differ between versions of Node. It is in workflow histories: add fields as optional ones.
 */
export type WindowsReading =
  | {
      readonly open: true;
      /** Not earlier than that; absent: they do not close. */
      readonly closesAt?: number;
    }
  | {
      readonly open: false;
      readonly opensAt: number;
      /** As above, after `opensAt`. */
      readonly closesAt?: number;
      /** `opensAt` on the clocks of the first window's time zone: "Mon 09:00 CET". */
      readonly opens: string;
      /** They were not seen to open, only to be closed until `opensAt`. */
      readonly atEarliest?: true;
    };

export interface WindowsPolicy {
  /** The windows of the environment promoted into, as the activity read them. Absent: it has none. */
  readonly windows?: WindowsReading;
}

/** A reading that time has passed is not used again; the worker's clock may be behind the server's. */
const readAgainMs = 5_000;

/** `gates.windows`. To withdraw a version needs no window: nothing is deployed by it. */
export const windows: Gate<WindowsPolicy> = ({ task, now }, { windows: reading }) => {
  if (reading === undefined || task.action === 'withdraw') return { open: true };
  const { open, closesAt } = reading;
  if (!open && now < reading.opensAt) return closed(reading);
  if (closesAt === undefined) return { open: true };
  if (now < closesAt) return { open: true, until: { at: closesAt } };
  return {
    open: false,
    until: { at: now + readAgainMs },
    brief: 'the window has closed',
    next: ['Reading when the next one opens.'],
  };
};

function closed({ opensAt, opens, atEarliest }: Extract<WindowsReading, { open: false }>): GateAnswer {
  return {
    open: false,
    until: { at: opensAt },
    brief: atEarliest === true ? `no window opens before ${opens}` : `window opens ${opens}`,
    next: [`That is ${rfc3339Seconds(opensAt)}. It continues by itself.`],
    edit: ['To let it continue now, change ', { code: 'gates.windows' }, ' of the Pipeline.'],
  };
}
