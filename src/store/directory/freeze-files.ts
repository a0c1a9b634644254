import { WindlassError } from '../../domain/errors';
import { formatPipelineRef } from '../../domain/pipeline/pipeline';
import { type Parser } from '../../parsing/parser';
import { type Fault, type Manifests } from '../../resources/parse-manifests';
import { hasMadeName } from '../made-freeze';
import { LoadedFiles } from './loaded-files';
import { errorCode, type Scan, scanDirectory } from './scan-directory';

/** The files of `--freezes-dir`. Each is complete when it appears, so a change applies at once. */
export class FreezeFiles {
  readonly #directory: string | undefined;
  readonly #files: LoadedFiles;
  #scanFaults: readonly Fault[] = [];
  /** Of the directory itself: at most one. */
  #missing: readonly Fault[] = [];
  /** One reading at a time. */
  #reading: Promise<unknown> = Promise.resolve();

  /** @param directory absent: there are none */
  constructor(directory: string | undefined, parser: Parser, signal: AbortSignal) {
    this.#directory = directory;
    this.#files = new LoadedFiles(parser, signal);
  }

  /** Of each file the Freezes alone: who can write here must not bring in Pipelines and Secrets. */
  get manifests(): readonly Manifests[] {
    return this.#files.manifests.map(onlyFreezes);
  }

  get faults(): readonly Fault[] {
    return [...this.#missing, ...this.#scanFaults, ...this.#files.readFaults];
  }

  /** `namespace/name` of those that the API can end. */
  names(): ReadonlySet<string> {
    const freezes = this.#files.manifests.flatMap((file) => [...file.freezes, ...file.invalidFreezes]);
    return new Set(freezes.filter(hasMadeName).map(formatPipelineRef));
  }

  /** What a directory that cannot be read holds must not be promoted. @throws WindlassError store-unavailable */
  requireKnown(): void {
    const [fault] = this.#missing;
    if (fault !== undefined)
      throw new WindlassError(
        'store-unavailable',
        `The directory of --freezes-dir, ${fault.source}, ${fault.reason}.`,
      );
  }

  /** @returns whether `manifests` changed @throws the signal's reason once it is aborted, and nothing else */
  refresh(): Promise<boolean> {
    const reading = this.#reading.then(() => this.#read());
    this.#reading = reading.catch(() => undefined);
    return reading;
  }

  async #read(): Promise<boolean> {
    if (this.#directory === undefined) return false;
    let scan: Scan;
    try {
      scan = await scanDirectory(this.#directory);
    } catch (error) {
      const code = errorCode(error);
      const fault = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
      const reason = `${fault}: what is frozen is not known, so promotions wait`;
      this.#missing = [{ source: this.#directory, path: '', reason }];
      return false;
    }
    this.#missing = [];
    this.#scanFaults = scan.faults;
    return this.#files.update(scan, true);
  }
}

function onlyFreezes(manifests: Manifests): Manifests {
  const { source, pipelines, invalid, secrets, faults } = manifests;
  const others = pipelines.length + invalid.length + secrets.length;
  const fault = { source, path: '', reason: 'has other objects: only Freezes are read from --freezes-dir' };
  return {
    ...manifests,
    pipelines: [],
    invalid: [],
    secrets: [],
    faults: others === 0 ? faults : [...faults, fault],
  };
}
