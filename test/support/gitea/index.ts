/** A real Gitea on loopback, with a directory of its own. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '../eventually';
import { freePort } from '../free-port';
import { type ServerProcess, startServerProcess } from '../server-process';
import { findServers } from '../server-programs';
import { giteaConfiguration } from './configuration';
import {
  type GiteaAnswer,
  giteaApi,
  type GiteaRequest,
  type RequestGitea,
  type SendToGitea,
} from './gitea-api';
import { type GiteaRepositories, giteaRepositories } from './repositories';

/** Two busy cores take their time. */
const readyLimitMs = 90_000;
const admin = { name: 'gitea-admin', password: 'Canary-7d1e' };
const userPassword = 'Canary-9b04';

/** https://docs.gitea.com/development/oauth2-provider#scopes */
export type GiteaScope =
  | 'all'
  | `${'read' | 'write'}:${'repository' | 'issue' | 'user' | 'organization' | 'misc' | 'notification' | 'admin'}`;

export interface Gitea extends GiteaRepositories {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  /** Of the built-in SSH server, whose user is `git`; undefined where it has none. */
  readonly sshPort: number | undefined;
  /** What a `known_hosts` has to hold for the SSH server. */
  knownHosts(): Promise<string>;
  /** A token of the administrator that may do everything. */
  readonly adminToken: string;
  /** Sends one request, and gives whatever is answered. */
  readonly send: SendToGitea;
  readonly request: RequestGitea;
  /** A user who owns nothing; one that is there stays as it is. @returns its password, for Git and for web pages */
  createUser(name: string): Promise<string>;
  /** An organization of the administrator; one that is there stays as it is. */
  createOrganization(name: string): Promise<void>;
  /** @returns a token of the user with exactly these scopes */
  createToken(user: string, scopes: readonly GiteaScope[]): Promise<string>;
  /** Makes the tokens of that user useless. */
  revokeTokens(user: string): Promise<void>;
  stop(): Promise<void>;
  /** Starts it again, where it was, with what it has. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Starts Gitea, and is done once it is ready. */
export async function startGitea({ ssh = false }: { readonly ssh?: boolean } = {}): Promise<Gitea> {
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
  const basic = (name: string, password: string): string =>
    `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
  const asAdmin = giteaApi(url, basic(admin.name, admin.password));
  const tokenOf = async (name: string, password: string, scopes: readonly GiteaScope[]): Promise<string> => {
    const body = { name: `token-${tokens++}`, scopes };
    const authorization = basic(name, password);
    const asked = { method: 'POST', path: `users/${name}/tokens`, body, authorization };
    return (accepted(asked, await asAdmin(asked)) as { readonly sha1: string }).sha1;
  };
  let tokens = 1;
  const adminToken = await tokenOf(admin.name, admin.password, ['all']);
  const send = giteaApi(url, `token ${adminToken}`);
  const request: RequestGitea = async (method, apiPath, body, sudo) => {
    const asked = {
      ...{ method, path: apiPath },
      ...(body === undefined ? {} : { body }),
      ...(sudo === undefined ? {} : { sudo }),
    };
    return accepted(asked, await send(asked));
  };
  const exists = async (apiPath: string): Promise<boolean> =>
    (await send({ method: 'GET', path: apiPath })).status === 200;

  return {
    url,
    port,
    sshPort,
    adminToken,
    send,
    request,
    ...giteaRepositories(request, send),
    knownHosts: async () => {
      const key = await readFile(path.join(directory, 'data/ssh/host-key.pub'), 'utf8').catch(() => '');
      return `[127.0.0.1]:${sshPort} ${key.trim()}\n`;
    },
    createUser: async (name) => {
      const email = `${name}@example.com`;
      const user = { username: name, email, password: userPassword, must_change_password: false };
      if (!(await exists(`users/${name}`))) await request('POST', 'admin/users', user);
      return userPassword;
    },
    createOrganization: async (name) => {
      if (!(await exists(`orgs/${name}`))) await request('POST', 'orgs', { username: name });
    },
    createToken: (user, scopes) => tokenOf(user, userPassword, scopes),
    revokeTokens: async (user) => {
      const authorization = basic(user, userPassword);
      const list = { method: 'GET', path: `users/${user}/tokens?limit=50`, authorization };
      for (const { id } of accepted(list, await send(list)) as readonly { readonly id: number }[]) {
        const remove = { method: 'DELETE', path: `users/${user}/tokens/${id}`, authorization };
        accepted(remove, await send(remove));
      }
    },
    stop,
    start,
    close,
  };
}

function accepted({ method, path: apiPath }: GiteaRequest, { status, body }: GiteaAnswer): unknown {
  if (status < 400) return body;
  throw new Error(`Gitea answers ${status} to ${method} ${apiPath}: ${JSON.stringify(body)}`);
}
