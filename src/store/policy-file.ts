import { stat } from 'node:fs/promises';
import { type Logger } from 'pino';
import { type PromotionPolicy } from '../domain/policy/promotion-policy';
import { formatFault, maxManifestBytes, tooLarge } from '../resources/parse-manifests';
import { type PolicyReading, readPromotionPolicy } from '../resources/promotion-policy-schema';
import { readManifestFile } from './directory/read-manifest-file';
import { errorCode } from './directory/scan-directory';
import { startPolling } from './polling';

export interface PolicyFileOptions {
  /** Its path. */
  readonly file: string;
  readonly log: Pick<Logger, 'error' | 'info'>;
  /** Milliseconds between two looks; a change is applied after two that are alike. */
  readonly pollIntervalMs?: number;
}

export interface PolicyFile {
  /** The last valid content of the file. */
  current(): PromotionPolicy;
  close(): Promise<void>;
}

/** A file that cannot be read, or is no policy. */
export class InvalidPolicyFile extends Error {
  override readonly name = 'InvalidPolicyFile';

  /** @param faults at least one, each on a line: "policy.yaml:3: rules[0].gates: is required" */
  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
  }
}

/** As the directory of Pipelines, and for the same reasons. */
const defaultPollIntervalMs = 1_000;

/**
 * Reads an operator's policy, again when its file changes. What is in force stays so while the file is invalid, cannot be read
 * or does not exist: there is never no policy.
 * @throws InvalidPolicyFile if it is invalid at the start
 */
export async function openPolicyFile(options: PolicyFileOptions): Promise<PolicyFile> {
  const { file, log, pollIntervalMs = defaultPollIntervalMs } = options;
  const first = await readFirst(file);
  let { policy: current, fingerprint: judged } = first;
  let seen = judged;
  let unread: string | undefined;
  log.info({ file, rules: namesOf(current) }, "The operator's policy is in force");

  const keep = (faults: readonly string[]): void =>
    log.error({ file, faults }, `The operator's policy stays as it was before: ${faults.join('; ')}`);
  const judge = (bytes: Buffer): void => {
    const { policy, faults } = parse(bytes, file);
    if (policy === undefined) {
      keep(faults);
      return;
    }
    current = policy;
    log.info({ file, rules: namesOf(current) }, "The operator's policy has changed");
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

async function readFirst(
  file: string,
): Promise<{ readonly policy: PromotionPolicy; readonly fingerprint: string }> {
  try {
    const fingerprint = await fingerprintOf(file);
    const { policy, faults } = parse(await readManifestFile(file), file);
    if (policy === undefined) throw new InvalidPolicyFile(faults);
    return { policy, fingerprint };
  } catch (error) {
    throw error instanceof InvalidPolicyFile ? error : new InvalidPolicyFile([describeUnread(file, error)]);
  }
}

/** A text that changes whenever the content may have changed. @throws the file system's error */
async function fingerprintOf(file: string): Promise<string> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
  return [dev, ino, size, mtimeNs, ctimeNs].join(':');
}

function parse(
  bytes: Buffer,
  file: string,
): Pick<PolicyReading, 'policy'> & { readonly faults: readonly string[] } {
  if (bytes.length > maxManifestBytes) return { faults: [`${file} ${tooLarge}`] };
  const { faults, ...reading } = readPromotionPolicy(bytes.toString('utf8'), file);
  return { ...reading, faults: faults.map(formatFault) };
}

function describeUnread(file: string, error: unknown): string {
  const code = errorCode(error);
  return code === 'ENOENT' ? `${file} does not exist` : `${file} cannot be read (${code})`;
}

function namesOf({ rules }: PromotionPolicy): readonly string[] {
  return rules.map(({ name }) => name);
}
