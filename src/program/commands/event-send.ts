import { readFile } from 'node:fs/promises';
import { fetch } from 'undici';
import { ConfigurationError } from '../../config/configuration-error';
import { redactAddress } from '../../domain/network/redact';
import { readDeployedRelease } from '../../flux/helm-release-report';
import {
  encodeFluxEvent,
  fluxHeaders,
  releaseSucceeded,
  type ReportedRelease,
} from '../../flux/encode-event';

export interface EventSendOptions {
  readonly url: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly revision?: string;
  readonly uid?: string;
  readonly release?: string;
  readonly hmacKeyFile?: string;
  /** A file with a HelmRelease, or `-` for standard input, in place of the fields above. */
  readonly fromHelmrelease?: string;
}

type Release = Omit<ReportedRelease, 'at'>;

/** As long as Flux's notification-controller waits. */
const deadlineMs = 15_000;

/**
 * `windlass event send`: signs an event as Flux does, posts it once and prints the answer. Without a key, the event is
 * unsigned. The key is used byte for byte, as Flux does.
 * @param env WINDLASS_HMAC_KEY is the key if no file is given
 * @returns the exit code: 0 for an answer that Flux treats as success
 * @throws ConfigurationError
 */
export async function sendEvent(
  options: EventSendOptions,
  env: Readonly<Record<string, string | undefined>>,
  print: (text: string) => void,
): Promise<number> {
  const { url } = options;
  const faults = [
    ...(isWebhookUrl(url)
      ? []
      : [
          `--url is ${JSON.stringify(redactAddress(url))}: it must be the full http or https URL of the webhook, without credentials.`,
        ]),
  ];
  const release = await readRelease(options, faults);
  const key = await readKey(options.hmacKeyFile, env, faults);
  if (faults.length > 0 || release === undefined) throw new ConfigurationError(faults);
  const body = encodeFluxEvent(releaseSucceeded({ ...release, at: Date.now() }));
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(deadlineMs),
      headers: fluxHeaders(body, key),
    });
    print(`${response.status} ${(await response.text()).trim()}`);
    return response.ok ? 0 : 1;
  } catch (error) {
    print(
      `${url} does not answer: ${reasonOf(error)}. Check that windlass is running there and that the address is correct.`,
    );
    return 1;
  }
}

async function readRelease(options: EventSendOptions, faults: string[]): Promise<Release | undefined> {
  const { fromHelmrelease: file } = options;
  if (file === undefined) return releaseOfFlags(options, faults);
  try {
    const reading = readDeployedRelease(await readFile(file === '-' ? '/dev/stdin' : file, 'utf8'));
    if ('release' in reading) return reading.release;
    faults.push(`--from-helmrelease: ${reading.fault}.`);
  } catch (error) {
    faults.push(`--from-helmrelease cannot be read: ${reasonOf(error)}.`);
  }
  return undefined;
}

function releaseOfFlags(options: EventSendOptions, faults: string[]): Release | undefined {
  const { name, namespace, revision } = options;
  const release = Number(options.release ?? '1');
  if (!Number.isSafeInteger(release) || release <= 0) faults.push('--release must be a positive integer.');
  if (name === undefined || namespace === undefined || revision === undefined) {
    const missing = Object.entries({ name, namespace, version: revision }).filter(
      ([, value]) => value === undefined,
    );
    faults.push(...missing.map(([flag]) => `--${flag} is required, or --from-helmrelease instead.`));
    return undefined;
  }
  return { namespace, name, uid: options.uid ?? `${namespace}/${name}`, revision, release };
}

function isWebhookUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}

async function readKey(
  file: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  faults: string[],
): Promise<Buffer | undefined> {
  if (file === undefined) {
    const key = env['WINDLASS_HMAC_KEY'];
    return key ? Buffer.from(key) : undefined;
  }
  try {
    return await readFile(file);
  } catch (error) {
    faults.push(`--hmac-key-file cannot be read: ${reasonOf(error)}.`);
    return undefined;
  }
}

/** The message of fetch's error is "fetch failed"; its cause contains the reason. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  const deeper = (cause as Error | undefined)?.message;
  return deeper ? deeper : message;
}
