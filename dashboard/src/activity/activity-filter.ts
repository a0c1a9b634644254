/** What the page of activity is about: pure. */
import { kindTexts } from './activity-text';
import { type Kind } from './audit';

export interface ActivityFilter {
  /** `namespace/name`. */
  readonly pipeline: string;
  readonly namespace: string;
  readonly environment: string;
  readonly by: string;
  /** Empty: all. */
  readonly kind: Kind | 'decisions' | '';
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

/** What the address says, which anyone can write: what is unknown counts as absent. */
export function readFilter(fields: URLSearchParams): ActivityFilter {
  const text = (name: string): string => fields.get(name) ?? '';
  const [range, kind] = [text('range'), text('kind')];
  return {
    pipeline: text('pipeline'),
    namespace: text('namespace'),
    environment: text('environment'),
    by: text('by'),
    kind: isKind(kind) ? kind : '',
    range: Object.hasOwn(ranges, range) ? (range as Range) : usualRange,
  };
}

function isKind(text: string): text is Kind | 'decisions' {
  return text === 'decisions' || Object.hasOwn(kindTexts, text);
}
