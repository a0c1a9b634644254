import { stat } from 'node:fs/promises';
import { type Logger } from 'pino';
import { type Fault, formatFault, maxManifestBytes, tooLarge } from '../resources/parse-manifests';
import { readManifestFile } from './directory/read-manifest-file';
import { errorCode } from './directory/scan-directory';
import { startPolling } from './polling';

export interface FollowedFileOptions<T> {
  /** Its path. */
  readonly file: string;
  /** Begins sentences of the log: "The operator's policy". */
  readonly what: string;
  /** Reads the content: its value, or what is wrong with it. @param source the file's name, for the messages */
  readonly read: (
    text: string,
    source: string,
  ) => { readonly value?: T | undefined; readonly faults: readonly Fault[] };
  /** What the log says of a content in force; nothing secret. */
  readonly summary: (value: T) => Readonly<Record<string, unknown>>;
  readonly log: Pick<Logger, 'error' | 'info'>;
  /** Milliseconds between two looks; a change is applied after two that are alike. */
  readonly pollIntervalMs?: number;
}

/** The content of an operator's file, which is read again when it changes. */
export interface FollowedFile<T> {
  /** The last valid content of the file. */
  current(): T;
  close(): Promise<void>;
}

/** An operator's file that cannot be read, or is invalid. */
export class InvalidFile extends Error {
  override readonly name = 'InvalidFile';

  /** @param faults at least one, each on a line: "policy.yaml:3: rules[0].gates: is required" */
  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
  }
}

/** As the directory of Pipelines, and for the same reasons. */
const defaultPollIntervalMs = 1_000;

/**
 * Reads an operator's file, again when it changes. What is in force stays so while the file is invalid, cannot be read or does
 * not exist: there is never no content.
 * @throws InvalidFile if it is invalid at the start
 */
export async function followFile<T>(options: FollowedFileOptions<T>): Promise<FollowedFile<T>> {
  const { file, what, log, summary, pollIntervalMs = defaultPollIntervalMs } = options;
  const first = await readFirst(options);
  let { value: current, fingerprint: judged } = first;
  let seen = judged;
  let unread: string | undefined;
  log.info({ file, ...summary(current) }, `${what} is in force`);

  const keep = (faults: readonly string[]): void =>
    log.error({ file, faults }, `${what} stays as it was before: ${faults.join('; ')}`);
  const judge = (bytes: Buffer): void => {
    const { value, faults } = parse(bytes, options);
    if (value === undefined) {
      keep(faults);
      return;
    }
    current = value;
    log.info({ file, ...summary(current) }, `${what} has changed`);
  };
  const refresh = async (): Promise<void> => {
    try {
      const now = await fingerprintOf(file);
      const isSettled = now === seen;
      seen = now;
      if (now !== judged && isSettled) {
        judge(await readManifestFile(file));
        judged = now;
      }
      unread = undefined;
    } catch (error) {
      const fault = describeUnread(file, error);
      if (fault !== unread) keep([fault]);
      unread = fault;
    }
  };
  const poller = startPolling(refresh, pollIntervalMs);
  return { current: () => current, close: () => poller.stop() };
}

async function readFirst<T>(
  options: FollowedFileOptions<T>,
): Promise<{ readonly value: T; readonly fingerprint: string }> {
  const { file } = options;
  try {
    const fingerprint = await fingerprintOf(file);
    const { value, faults } = parse(await readManifestFile(file), options);
    if (value === undefined) throw new InvalidFile(faults);
    return { value, fingerprint };
  } catch (error) {
    throw error instanceof InvalidFile ? error : new InvalidFile([describeUnread(file, error)]);
  }
}

/** A text that changes whenever the content may have changed. @throws the file system's error */
async function fingerprintOf(file: string): Promise<string> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
  return [dev, ino, size, mtimeNs, ctimeNs].join(':');
}

function parse<T>(
  bytes: Buffer,
  { file, read }: FollowedFileOptions<T>,
): { readonly value?: T | undefined; readonly faults: readonly string[] } {
  if (bytes.length > maxManifestBytes) return { faults: [`${file} ${tooLarge}`] };
  const { value, faults } = read(bytes.toString('utf8'), file);
  return { value, faults: faults.map(formatFault) };
}

function describeUnread(file: string, error: unknown): string {
  const code = errorCode(error);
  return code === 'ENOENT' ? `${file} does not exist` : `${file} cannot be read (${code})`;
}
