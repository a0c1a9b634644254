import { z } from 'zod';
import { durationSchema } from '../duration-schema';
import { cronPattern, scheduleFault, timeZoneFault, timeZonePattern } from '../windows/cron-schedule';
import {
  longestWindowMs,
  maxWindows,
  maxWindowsOfPipeline,
  shortestWindowMs,
  type Window,
} from '../windows/window';

const scheduleLength = 256;
const timeZoneLength = 64;

const duration = durationSchema(
  'How long the window stays open, such as 8h or 1h30m: from 1m to 168h, in elapsed time.',
  {
    shortestMs: shortestWindowMs,
    longestMs: longestWindowMs,
    fault: 'must be a duration from 1m to 168h, such as 8h or 1h30m',
  },
);

const windowSchema = z
  .strictObject({
    schedule: z
      .string()
      .max(scheduleLength)
      .meta({
        description:
          'When the window begins, in five fields of cron: minute, hour, day of month, month, day of week. For example "0 9 * * 1-5".',
        crd: { maxLength: scheduleLength, pattern: cronPattern },
      }),
    duration,
    timeZone: z
      .string()
      .max(timeZoneLength)
      .optional()
      .meta({
        description: 'The IANA time zone of the schedule, such as Europe/Berlin. The default is UTC.',
        crd: { maxLength: timeZoneLength, pattern: timeZonePattern },
      }),
    kind: z
      .enum(['allow', 'deny'])
      .optional()
      .describe(
        'Whether promotions are made in the window, or never in it. deny takes precedence over allow. The default is allow.',
      ),
  })
  .describe('A recurring window of time.')
  .transform(({ schedule, duration: durationMs, timeZone = 'UTC', kind = 'allow' }): Window => ({
    kind,
    schedule,
    durationMs,
    timeZone,
  }));

export const windowsSchema = z
  .array(windowSchema)
  .max(maxWindows)
  .optional()
  .meta({
    description:
      'When promotions into the environment are made: in the windows of kind allow, if there are any, and never in those of kind deny. An empty list is no gate.',
    crd: { maxItems: maxWindows },
  });

interface WindowFault {
  readonly list: number;
  readonly window: number;
  readonly field: 'schedule' | 'timeZone';
  /** Follows the field's name. */
  readonly fault: string;
}

/**
 * Checks what only the calendar knows, of all windows of a Pipeline together: that takes time, so it is limited.
 * @param lists the windows of the pipeline and of each environment
 * @returns 'too-many' where they were not checked
 */
export function windowFaults(lists: readonly (readonly Window[])[]): readonly WindowFault[] | 'too-many' {
  if (lists.flat().length > maxWindowsOfPipeline) return 'too-many';
  return lists.flatMap((windows, list) =>
    windows.flatMap(({ schedule, timeZone }, window): WindowFault[] => {
      const faults = { schedule: scheduleFault(schedule), timeZone: timeZoneFault(timeZone) };
      return (['schedule', 'timeZone'] as const).flatMap((field) => {
        const fault = faults[field];
        return fault === undefined ? [] : [{ list, window, field, fault }];
      });
    }),
  );
}
