/** The real servers that tests run against, found or built by scripts/kubernetes-servers.mjs. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

/** Beside this source, and beside `dist`, where the demo has it compiled. */
const script =
  ['../..', '../../..']
    .map((up) => path.join(__dirname, up, 'scripts/kubernetes-servers.mjs'))
    .find((each) => existsSync(each)) ?? '';

/** @returns each program's path */
export async function findServers<Name extends string>(
  ...names: readonly Name[]
): Promise<Readonly<Record<Name, string>>> {
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...names]);
  return JSON.parse(stdout) as Readonly<Record<Name, string>>;
}
