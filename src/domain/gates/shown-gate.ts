/** A closed gate as people see it, one by one. */
import { plainSentence } from '../rich-text';
import { type ClosedGate } from './evaluate';

/** The answer of a running promotion to a query, which an `api` of another version reads: add fields as optional ones. */
export interface ShownGate {
  /** Its name in the registry. */
  readonly gate: string;
  /** What it waits for, and what a person can do about it. */
  readonly says: string;
  /** When time opens it, in milliseconds since the epoch. */
  readonly until?: number;
  /** People whose approval adds nothing. */
  readonly excluded?: readonly string[];
}

export function shownGate({ name, brief, next, until, excluded = [] }: ClosedGate): ShownGate {
  const text = plainSentence({ said: [`${brief.charAt(0).toUpperCase()}${brief.slice(1)}.`], next });
  return {
    gate: name,
    says: text,
    ...(typeof until === 'object' ? { until: until.at } : {}),
    ...(excluded.length === 0 ? {} : { excluded }),
  };
}
