import { durationSchema } from '../duration-schema';
import { longestSoakMs, shortestSoakMs } from './soak';

export const soakSchema = durationSchema(
  'How long a version runs in the source environment before it is promoted, such as 30m or 24h: from 1m to 168h, counted from the event that reported it. 0s is no gate.',
  {
    shortestMs: shortestSoakMs,
    longestMs: longestSoakMs,
    orNone: true,
    fault: 'must be 0s or a duration from 1m to 168h, such as 30m or 24h',
  },
).optional();
