/** A real Gitea on loopback, with a directory of its own. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '../eventually';
import { freePort } from '../free-port';
import { type ServerProcess, startServerProcess } from '../server-process';
import { findServers } from '../server-programs';
import { connectGitea, createToken, type Gitea } from './client';
import { giteaConfiguration } from './configuration';

export { type Gitea, type GiteaAddress } from './client';

/** Two busy cores take their time. */
const readyLimitMs = 90_000;

/** A Gitea that belongs to those who started it. */
export interface OwnGitea extends Gitea {
  stop(): Promise<void>;
  /** Starts it again, where it was, with what it has. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Starts Gitea, and is done once it is ready. */
export async function startGitea({ ssh = false }: { readonly ssh?: boolean } = {}): Promise<OwnGitea> {
  const admin = { name: 'gitea-admin', password: randomUUID() };
  const programs = await findServers('gitea', 'gitea-static');
  const directory = await mkdtemp(path.join(tmpdir(), 'windlass-gitea-'));
  const port = await freePort();
  const sshPort = ssh ? await freePort() : undefined;
  const place = { directory, staticRoot: programs['gitea-static'], port };
  const config = path.join(directory, 'app.ini');
  const home = path.join(directory, 'home');
  await mkdir(home);
  await writeFile(config, giteaConfiguration(sshPort === undefined ? place : { ...place, sshPort }));

  const env = { ...process.env, HOME: home, GITEA_WORK_DIR: directory, GITEA_CUSTOM: directory };
  const run = async (...args: readonly string[]): Promise<string> =>
    (await promisify(execFile)(programs.gitea, ['--config', config, ...args], { env })).stdout.trim();
  const url = `http://127.0.0.1:${port}`;
  let server: ServerProcess | undefined;
  const start = async (): Promise<void> => {
    const started = startServerProcess(programs.gitea, ['--config', config, 'web'], env);
    server = started;
    await eventually(async () => {
      started.requireRunning();
      return (await fetch(`${url}/api/healthz`)).ok;
    }, readyLimitMs);
  };
  const stop = async (): Promise<void> => server?.stop();
  const close = async (): Promise<void> => {
    await stop();
    await rm(directory, { recursive: true });
  };
  try {
    await run('migrate');
    const identity = ['--username', admin.name, '--password', admin.password];
    const extra = ['--email', 'gitea-admin@example.com', '--must-change-password=false'];
    await run('admin', 'user', 'create', '--admin', ...identity, ...extra);
    await start();
  } catch (error) {
    await close();
    throw error;
  }
  const adminToken = await createToken(url, admin, ['all']);
  const address = { url, port, directory, sshPort, adminToken, userPassword: randomUUID() };
  return { ...connectGitea(address), stop, start, close };
}
