import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { findServers } from '../support/server-programs';

/** Runs the `helm` command line and gives its output. @throws Error with what it says against the arguments */
export type Helm = (args: readonly string[], env?: NodeJS.ProcessEnv) => Promise<string>;

/** @param directory for its cache and settings: those of whoever runs the tests don't count */
export async function findHelm(directory: string): Promise<Helm> {
  const { helm: program } = await findServers('helm');
  const home = path.join(directory, 'helm');
  const own = {
    PATH: process.env['PATH'],
    // It keeps what it asked a cluster for below HOME, and without one, where it runs.
    HOME: home,
    HELM_CACHE_HOME: home,
    HELM_CONFIG_HOME: home,
    HELM_DATA_HOME: home,
  };
  return async (args, env = {}) =>
    (await promisify(execFile)(program, args, { env: { ...own, ...env }, maxBuffer: 16 * 1024 * 1024 }))
      .stdout;
}
