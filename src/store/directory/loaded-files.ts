import { createHash } from 'node:crypto';
import { type Parser } from '../../parsing/parser';
import { parseManifestFile } from '../../parsing/parse-manifest-file';
import { type Fault, type Manifests } from '../../resources/parse-manifests';
import { readManifestFile } from './read-manifest-file';
import { errorCode, type Scan, type ScannedFile } from './scan-directory';

interface LoadedFile {
  readonly fingerprint: string;
  /** Of its bytes: a ConfigMap that changes has all its files written again. */
  readonly digest: string;
  readonly manifests: Manifests;
}

/** The fingerprint of a file that does not exist. */
const absent = 'absent';

/** The last read files of a directory, and the changes since. */
export class LoadedFiles {
  readonly #parser: Parser;
  readonly #signal: AbortSignal;
  #loaded = new Map<string, LoadedFile>();
  /** Changes seen once, by file name. A change is applied when the next scan is identical: the writer has finished. */
  #unsettled = new Map<string, string>();
  #readFaults: Fault[] = [];

  /** @param signal ends an update that is in progress */
  constructor(parser: Parser, signal: AbortSignal) {
    this.#parser = parser;
    this.#signal = signal;
  }

  /** All files' manifests, in the order of the file names. */
  get manifests(): readonly Manifests[] {
    return [...this.#loaded].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { manifests }]) => manifests);
  }

  /** Files that could not be read; every scan retries them. */
  get readFaults(): readonly Fault[] {
    return this.#readFaults;
  }

  /**
   * Applies the result of a scan.
   * @param settled whether to apply every change immediately, as on the first read
   * @returns whether `manifests` changed
   * @throws the signal's reason once it is aborted, and nothing else
   */
  async update(scan: Scan, settled: boolean): Promise<boolean> {
    let changed = false;
    const unsettled = new Map<string, string>();
    const hasSettled = (name: string, fingerprint: string): boolean => {
      unsettled.set(name, fingerprint);
      return settled || this.#unsettled.get(name) === fingerprint;
    };
    this.#readFaults = [];
    const due = scan.files.filter(
      (file) =>
        this.#loaded.get(file.name)?.fingerprint !== file.fingerprint &&
        hasSettled(file.name, file.fingerprint),
    );
    for (const [file, bytes] of readAhead(due)) {
      this.#signal.throwIfAborted();
      changed = (await this.#load(file, bytes)) || changed;
    }
    if (scan.complete) {
      const present = new Set(scan.files.map((file) => file.name));
      for (const name of [...this.#loaded.keys()].filter((known) => !present.has(known))) {
        if (hasSettled(name, absent)) changed = this.#loaded.delete(name) || changed;
      }
    }
    this.#unsettled = unsettled;
    return changed;
  }

  /** @returns whether the file's manifests changed */
  async #load(file: ScannedFile, content: Promise<Buffer>): Promise<boolean> {
    const known = this.#loaded.get(file.name);
    try {
      const { fingerprint } = file;
      const bytes = await content;
      const digest = createHash('sha256').update(bytes).digest('hex');
      if (known?.digest === digest) {
        this.#loaded.set(file.name, { ...known, fingerprint });
        return false;
      }
      const manifests = await parseManifestFile(this.#parser, bytes, file.name, this.#signal);
      this.#loaded.set(file.name, {
        fingerprint,
        digest,
        manifests:
          known === undefined || manifests.wellFormed ? manifests : keepPrevious(known.manifests, manifests),
      });
      return true;
    } catch (error) {
      this.#signal.throwIfAborted();
      const reason = `cannot be read (${errorCode(error)})`;
      this.#readFaults.push({ source: file.name, path: '', reason });
      return false;
    }
  }
}

/** Files whose content is in memory at once. */
const filesAhead = 8;

/** Each file with its content. While one is parsed, the next ones are read. */
function* readAhead(files: readonly ScannedFile[]): Generator<[ScannedFile, Promise<Buffer>]> {
  const read = ({ path }: ScannedFile): Promise<Buffer> => {
    const content = readManifestFile(path);
    // The failure is reported when the file's turn comes.
    content.catch(() => undefined);
    return content;
  };
  const queue = files.slice(0, filesAhead).map(read);
  for (const [index, file] of files.entries()) {
    const next = files[index + filesAhead];
    if (next !== undefined) queue.push(read(next));
    const content = queue.shift();
    if (content !== undefined) yield [file, content];
  }
}

/**
 * A half-written file says nothing about the pipelines that it contained before, so they remain. An object that is
 * well-formed but invalid is left out.
 */
function keepPrevious(before: Manifests, now: Manifests): Manifests {
  const faults = now.faults.map((fault) => ({
    ...fault,
    reason: `${fault.reason}; the previous content of this file remains in effect`,
  }));
  return { ...before, faults, wellFormed: false };
}
