import { z } from 'zod';
import { parseGoDuration } from './go-duration';

const longestText = 256;
/** Flux's, https://fluxcd.io/flux/components/helm/helmreleases/#interval. */
const pattern = '^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$';

interface DurationRange {
  readonly shortestMs: number;
  readonly longestMs: number;
  /** `0s` is one as well. */
  readonly orNone?: true;
  /** Follows the field's name: the range in words. */
  readonly fault: string;
}

/** A duration such as 8h or 1h30m, in milliseconds. */
export function durationSchema(description: string, { shortestMs, longestMs, orNone, fault }: DurationRange) {
  return z
    .string()
    .max(longestText)
    .meta({ description, crd: { maxLength: longestText, pattern } })
    .transform((text, context) => {
      const ms = new RegExp(pattern).test(text) ? parseGoDuration(text) : undefined;
      if (ms === 0 && orNone === true) return 0;
      const rounded = Math.round(ms ?? 0);
      if (rounded >= shortestMs && rounded <= longestMs) return rounded;
      context.addIssue({ code: 'custom', message: fault });
      return z.NEVER;
    });
}
