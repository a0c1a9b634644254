/** What the page of activity is about: pure. */
import { type components, type paths } from '../api/schema';

export type Entry = components['schemas']['AuditRecord'];
export type Kind = Entry['kind'];
export type Audit = paths['/api/v1/audit']['get']['responses'][200]['content']['application/json'];

export interface ActivityFilter {
  /** `namespace/name`. */
  readonly pipeline: string;
  readonly namespace: string;
  readonly environment: string;
  readonly by: string;
  /** Of a record, or `decisions`. */
  readonly kind: string;
  readonly range: Range;
}

/** In days; undefined: as far as records reach. */
export const ranges = { '1': 1, '7': 7, '30': 30, '90': 90, all: undefined } as const;
export type Range = keyof typeof ranges;
const usualRange: Range = '7';

/** Lines on the page at first, and after the person asks for more: a browser is slow with more. */
export const shownLimits = [200, 2_000] as const;
/** As many as the API answers. */
export const mostEntries = 10_000;

/** What the address says. */
export function readFilter(fields: URLSearchParams): ActivityFilter {
  const text = (name: string): string => fields.get(name) ?? '';
  const range = text('range');
  return {
    pipeline: text('pipeline'),
    namespace: text('namespace'),
    environment: text('environment'),
    by: text('by'),
    kind: text('kind'),
    range: range in ranges ? (range as Range) : usualRange,
  };
}
