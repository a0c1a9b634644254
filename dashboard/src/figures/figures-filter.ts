/** What the page of figures is about: pure. */
import { type paths } from '../api/schema';

export type Figures = paths['/api/v1/figures']['get']['responses'][200]['content']['application/json'];

export interface FiguresFilter {
  /** `namespace/name`; empty: all. */
  readonly pipeline: string;
  /** `key=value`; empty: all. */
  readonly label: string;
  readonly weeks: number;
}

export const weekChoices = [4, 12, 26, 52] as const;
const usualWeeks = 12;

/** What the address says, where it can be asked for. */
export function readFilter(fields: URLSearchParams): FiguresFilter {
  const weeks = Number(fields.get('weeks'));
  return {
    pipeline: fields.get('pipeline') ?? '',
    label: fields.get('label') ?? '',
    weeks: weekChoices.find((each) => each === weeks) ?? usualWeeks,
  };
}

/** The server reads the others now. */
export function isBeingRead({ coverage: { lanes, read, silence } }: Figures): boolean {
  return read < lanes && silence === undefined;
}
