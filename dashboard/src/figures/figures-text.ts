/** Figures as text: pure. */
import { describeDuration } from '../components/time-text';
import { type Figures } from './figures-filter';

const nothing = '–';

/** @param seconds undefined: there is nothing to measure */
export function describeSeconds(seconds: number | null | undefined): string {
  return seconds === undefined || seconds === null ? nothing : describeDuration(seconds * 1_000);
}

/** @param share 0 to 1; undefined: of nothing */
export function describeShare(share: number | undefined): string {
  if (share === undefined) return nothing;
  const percent = share * 100;
  if (percent > 0 && percent < 1) return '< 1 %';
  return `${Math.round(percent)} %`;
}

/** Weeks begin at midnight UTC, wherever the reader is. @param start RFC 3339 */
export function describeWeek(start: string): string {
  return new Date(start).toLocaleDateString(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' });
}

/** The same with its year. @param at RFC 3339 */
function describeDay(at: string): string {
  return new Date(at).toLocaleDateString(undefined, { dateStyle: 'medium', timeZone: 'UTC' });
}

/** On average; the week in progress counts for the part of it that has passed. */
export function perWeek(count: number, { since, until }: Pick<Figures, 'since' | 'until'>): string {
  const weeks = (Date.parse(until) - Date.parse(since)) / (7 * 86_400_000);
  const average = count / Math.max(weeks, 1 / 7);
  return average >= 10 || average === 0 ? String(Math.round(average)) : average.toFixed(1);
}

export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}

/** What the figures are made from, and what is missing: sentences. */
export function describeCoverage({ coverage, since }: Figures): {
  readonly says: string;
  readonly gaps: string[];
} {
  const { lanes, read, silence, firstAt, completeSince } = coverage;
  const from = firstAt === undefined ? '' : `, the first promotion on ${describeDay(firstAt)}`;
  const gaps = [
    ...(read === lanes ? [] : [describeMissing(read, lanes, silence)]),
    ...(completeSince === undefined || completeSince < since
      ? []
      : [
          `Complete since ${describeDay(completeSince)}. Environments keep their last 200 decisions and results, so counts of earlier weeks are too low.`,
        ]),
  ];
  return {
    says: `From the records of ${countOf(lanes, 'environment')}${from}. Weeks begin on Monday, UTC.`,
    gaps,
  };
}

function describeMissing(read: number, lanes: number, silence: Figures['coverage']['silence']): string {
  const part = `${read.toLocaleString()} of ${countOf(lanes, 'environment')}`;
  switch (silence) {
    case 'no-answer':
      return `The records of ${part} are read: no worker answers for the others. Start a worker.`;
    case 'memory':
      return `The records of ${part} are read: there is no room for more. Choose a Pipeline or a team.`;
    case undefined:
      return `The records of ${part} are read so far. The figures change until all are.`;
  }
}

/** The same, as short as they must be below a plot. */
export function shortAges(ages: Figures['waiting']['ages']): string[] {
  return ages.map(({ below }) => (below === undefined ? 'older' : `to ${describeSeconds(below)}`));
}

/** The names of the ages of what waits: `under 1 h`, `1 h to 1 d`, `30 d and more`. */
export function describeAges(ages: Figures['waiting']['ages']): string[] {
  return ages.map(({ below }, index) => {
    const from = ages[index - 1]?.below;
    if (below === undefined) return `${describeSeconds(from)} and more`;
    return from === undefined
      ? `under ${describeSeconds(below)}`
      : `${describeSeconds(from)} to ${describeSeconds(below)}`;
  });
}
