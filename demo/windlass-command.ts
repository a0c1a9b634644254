/** The commands of `windlass` for the installation of the demo. */
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { loopbackWithoutProxy } from './windlass-process';

const program = resolve(__dirname, '../src/program/main.js');
const limitMs = 30_000;

/** Where the API of the demo's Windlass is, and who calls it. */
export interface ApiLogin {
  readonly server: string;
  /** A file with the token. */
  readonly tokenFile: string;
}

export class CommandRefused extends Error {}

/** As a user would type it, on lines of a bearable length. */
export function commandLine(login: ApiLogin, args: readonly string[]): readonly string[] {
  return [`npx windlass ${args.join(' ')} \\`, `  ${flagsOf(login).join(' ')}`];
}

/** Runs a command. @returns what it prints @throws CommandRefused with the command's message */
export async function runCommand(login: ApiLogin, args: readonly string[]): Promise<string> {
  const env = { ...process.env, ...loopbackWithoutProxy(process.env) };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [program, ...args, ...flagsOf(login)], {
      env,
      timeout: limitMs,
    });
    return stdout.trim();
  } catch (error) {
    const { stderr, message } = error as Error & { readonly stderr?: string };
    throw new CommandRefused(stderr?.trim() || message);
  }
}

function flagsOf({ server, tokenFile }: ApiLogin): readonly string[] {
  return [`--server=${server}`, `--token-file=${tokenFile}`];
}
