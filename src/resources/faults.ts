/** Errors in manifests, as data: collected in full, then logged or printed. */

/** The path of a field: `['spec', 'environments', 1, 'name']`. */
export type FieldPath = readonly (string | number)[];

/**
 * An error in an object. `reason` follows the path, as in "spec.suspend must be true or false", and never repeats a
 * value, which may be secret.
 */
export interface ObjectFault {
  readonly path: FieldPath;
  readonly reason: string;
}

/** An error with the place where it can be fixed. */
export interface Fault {
  /** The file, by the name that the user gave it. */
  readonly source: string;
  /** Starts at 1. */
  readonly line?: number;
  /** `spec.environments[1].name`; empty: the file as a whole. */
  readonly path: string;
  readonly reason: string;
}

const plainKey = /^[A-Za-z0-9_-]+$/;

/** `spec.environments[1].name`; a key with other characters is quoted, so that it cannot forge a log line. */
export function formatPath(path: FieldPath): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      if (!plainKey.test(step)) return `[${JSON.stringify(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join('');
}

/** `pipelines.yaml:12: spec.environments[1].name: is required`, for a terminal or a log. */
export function formatFault(fault: Fault): string {
  const place = fault.line === undefined ? fault.source : `${fault.source}:${fault.line}`;
  return [place, ...(fault.path === '' ? [] : [fault.path]), fault.reason].join(': ');
}
