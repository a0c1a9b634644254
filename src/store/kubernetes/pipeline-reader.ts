import { type Logger } from 'pino';
import { type Pipeline } from '../../domain/pipeline';
import { type ObjectFault, formatFault, formatPath } from '../faults';
import { readPipelineManifest } from '../pipeline-manifest';
import { type ApiObject } from './api-answers';

/** A Pipeline with more faults than anybody reads is still one line of the log. */
const loggedFaults = 10;

/** Reads Pipelines as the API server has them, and logs what is wrong with each, once until that changes. */
export class PipelineReader {
  readonly #log: Logger;
  readonly #logged = new Map<string, string>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** @returns undefined for a Pipeline that makes no sense */
  read({ key, value }: ApiObject): Pipeline | undefined {
    const reading = readPipelineManifest(value);
    if (reading.value === undefined) this.#report('error', 'Left out', key, reading.faults);
    else if (reading.warnings.length > 0) this.#report('warn', 'Ignored', key, reading.warnings);
    else this.#logged.delete(key);
    return reading.value;
  }

  /** The Pipeline is gone: another one of its name has nothing to do with it. */
  forget(key: string): void {
    this.#logged.delete(key);
  }

  #report(level: 'error' | 'warn', verb: string, key: string, faults: readonly ObjectFault[]): void {
    const source = `Pipeline ${key}`;
    const shown = faults
      .slice(0, loggedFaults)
      .map(({ path, reason }) => ({ path: formatPath(path), reason }));
    const more = faults.length > shown.length ? `; and ${faults.length - shown.length} more` : '';
    const list = shown.map(({ path, reason }) => [path, reason].filter(Boolean).join(': ')).join('; ');
    const message = `${verb}: ${formatFault({ source, path: '', reason: list + more })}`;
    if (this.#logged.get(key) === message) return;
    this.#logged.set(key, message);
    this.#log[level]({ pipeline: key, faults: shown }, message);
  }
}
