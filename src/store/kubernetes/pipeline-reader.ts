import { type Logger } from 'pino';
import { type Pipeline } from '../../domain/pipeline/pipeline';
import { type ObjectFault, formatFault, formatPath } from '../../resources/faults';
import { type Reading } from '../../resources/object-schema';
import { readPipelineManifest } from '../../resources/pipeline-schema';
import { type ApiObject } from '../../kubernetes/api-answers';

/** Limits the log line of a Pipeline with many errors. */
const maxLoggedFaults = 10;

/** Receives every listed or changed Pipeline, valid or not. */
export interface PipelineListener {
  seen(object: ApiObject, reading: Reading<Pipeline>): void;
  /** @param key `namespace/name` */
  onDeleted(key: string): void;
}

/** Reads Pipelines from objects of the API server, and logs the errors of each once until they change. */
export class PipelineReader {
  readonly #log: Logger;
  readonly #listener: PipelineListener | undefined;
  readonly #logged = new Map<string, string>();
  /** Why a Pipeline was left out. */
  readonly #faults = new Map<string, string>();

  constructor(log: Logger, listener?: PipelineListener) {
    this.#log = log;
    this.#listener = listener;
  }

  /** @returns undefined for an invalid Pipeline */
  read(object: ApiObject): Pipeline | undefined {
    const { key, value } = object;
    const reading = readPipelineManifest(value);
    this.#listener?.seen(object, reading);
    const [fault] = reading.faults;
    if (fault === undefined) this.#faults.delete(key);
    else this.#faults.set(key, `${formatPath(fault.path)}: ${fault.reason}`);
    if (reading.value === undefined) this.#report('error', 'Left out', key, reading.faults);
    else if (reading.warnings.length > 0) this.#report('warn', 'Ignored', key, reading.warnings);
    else this.#logged.delete(key);
    return reading.value;
  }

  /** The error of an existing but invalid Pipeline. */
  faultOf(key: string): string | undefined {
    return this.#faults.get(key);
  }

  /** All such errors, by `namespace/name`. */
  faults(): IterableIterator<[string, string]> {
    return this.#faults.entries();
  }

  /** The Pipeline was deleted. A new one with the same name is unrelated. */
  forget(key: string): void {
    this.#logged.delete(key);
    this.#faults.delete(key);
    this.#listener?.onDeleted(key);
  }

  #report(level: 'error' | 'warn', verb: string, key: string, faults: readonly ObjectFault[]): void {
    const source = `Pipeline ${key}`;
    const shown = faults
      .slice(0, maxLoggedFaults)
      .map(({ path, reason }) => ({ path: formatPath(path), reason }));
    const more = faults.length > shown.length ? `; and ${faults.length - shown.length} more` : '';
    const list = shown.map(({ path, reason }) => [path, reason].filter(Boolean).join(': ')).join('; ');
    const message = `${verb}: ${formatFault({ source, path: '', reason: list + more })}`;
    if (this.#logged.get(key) === message) return;
    this.#logged.set(key, message);
    this.#log[level]({ pipeline: key, faults: shown }, message);
  }
}
