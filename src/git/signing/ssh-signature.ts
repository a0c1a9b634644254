import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WindlassError } from '../../domain/errors';
import { type SigningKey } from '../../domain/signing-key';
import { abortReason } from '../process/git-command';
import { withPrivateDirectory } from '../process/private-directory';
import { askPassProgram, installAskPass } from '../transport/ssh-askpass';

export interface SshSigningOptions {
  /** Where the program that hands the passphrase over may stay. */
  readonly cacheDirectory: string;
  /** Of ssh-keygen: PATH and the like. */
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** A signature is below 4 KiB, a complaint is a line. */
const maxOutputBytes = 65_536;

/**
 * An SSH signature in the namespace `git`, as Git itself has ssh-keygen make it
 * (https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.sshsig).
 * @param secret `namespace/name`, for people
 */
export async function signWithSsh(
  key: SigningKey,
  commit: Buffer,
  secret: string,
  options: SshSigningOptions,
): Promise<string> {
  const { cacheDirectory } = options;
  const { passphrase = '' } = key;
  if (passphrase !== '') await installAskPass(cacheDirectory);
  return withPrivateDirectory(async (directory) => {
    const file = join(directory, 'identity');
    await writeFile(file, key.key, { mode: 0o600 });
    const environment = {
      ...options.environment,
      // Asked also where there is no passphrase, so that it never waits for a terminal.
      SSH_ASKPASS: passphrase === '' ? '/bin/false' : askPassProgram(cacheDirectory),
      SSH_ASKPASS_REQUIRE: 'force',
      ...(passphrase === '' ? {} : { WINDLASS_SSH_PASSPHRASE: passphrase }),
    };
    const { exitCode, output, complaint } = await runSshKeygen(file, commit, environment, options);
    if (exitCode === 0 && output.startsWith('-----BEGIN SSH SIGNATURE-----')) return output;
    throw new WindlassError('signing-failed', faultOf(complaint, passphrase !== '', secret));
  });
}

/** Its own words name files that are gone by then. */
function faultOf(complaint: string, hasPassphrase: boolean, secret: string): string {
  if (/ENOENT/.test(complaint)) return 'The program ssh-keygen is not installed, or not on the PATH.';
  if (/passphrase|askpass/i.test(complaint)) {
    return hasPassphrase
      ? `The passphrase of the Secret ${secret} does not open its SSH key.`
      : `The SSH key of the Secret ${secret} is encrypted, and there is no passphrase.`;
  }
  return `identity of the Secret ${secret} is no SSH private key that ssh-keygen can sign with.`;
}

interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
  readonly complaint: string;
}

function runSshKeygen(
  file: string,
  input: Buffer,
  env: Readonly<Record<string, string>>,
  { signal, timeoutMs }: SshSigningOptions,
): Promise<Ended> {
  const deadline = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve, reject) => {
    const child = spawn('ssh-keygen', ['-q', '-Y', 'sign', '-n', 'git', '-f', file], {
      env,
      signal: AbortSignal.any([signal, deadline]),
      killSignal: 'SIGKILL',
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].on('data', (chunk: Buffer) => {
        if (said[name].length < maxOutputBytes) said[name] += chunk.toString('utf8');
      });
    }
    child.stdin.on('error', () => undefined);
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (signal.aborted) reject(abortReason(signal));
      else if (deadline.aborted)
        reject(new WindlassError('timed-out', `ssh-keygen was ended after ${timeoutMs / 1000} s.`));
      else resolve({ exitCode: null, output: '', complaint: error.code ?? '' });
    });
    child.on('close', (exitCode) => resolve({ exitCode, output: said.stdout, complaint: said.stderr }));
    child.stdin.end(input);
  });
}
