/** What tests do on a Gitea that runs. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  basicAuthorization,
  type GiteaAnswer,
  giteaApi,
  type GiteaRequest,
  type RequestGitea,
  type SendToGitea,
} from './gitea-api';
import { type GiteaRepositories, giteaRepositories } from './repositories';

/** https://docs.gitea.com/development/oauth2-provider#scopes */
export type GiteaScope =
  | 'all'
  | `${'read' | 'write'}:${'repository' | 'issue' | 'user' | 'organization' | 'misc' | 'notification' | 'admin'}`;

/** A running Gitea, to whoever has its administrator's token. */
export interface Gitea extends GiteaRepositories {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  /** Where it keeps its things. */
  readonly directory: string;
  /** Of the built-in SSH server, whose user is `git`; undefined where it has none. */
  readonly sshPort: number | undefined;
  /** What a `known_hosts` has to hold for the SSH server. */
  knownHosts(): Promise<string>;
  /** A token of the administrator that may do everything. */
  readonly adminToken: string;
  /** Of all users but the administrator. */
  readonly userPassword: string;
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
}

/** A Gitea that runs already, on this machine. */
export type GiteaAddress = Pick<
  Gitea,
  'url' | 'port' | 'directory' | 'sshPort' | 'adminToken' | 'userPassword'
>;

export function connectGitea(address: GiteaAddress): Gitea {
  const { url, directory, sshPort, adminToken, userPassword } = address;
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
    ...address,
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
      if (!(await exists(`users/${name}`))) {
        // Another test file can have made it meanwhile.
        const create = { method: 'POST', path: 'admin/users', body: user };
        const answer = await send(create);
        if (!(await exists(`users/${name}`))) accepted(create, answer);
      }
      return userPassword;
    },
    createOrganization: async (name) => {
      if (!(await exists(`orgs/${name}`))) await request('POST', 'orgs', { username: name });
    },
    createToken: (user, scopes) => createToken(url, { name: user, password: userPassword }, scopes),
    revokeTokens: async (user) => {
      const authorization = basicAuthorization(user, userPassword);
      const list = { method: 'GET', path: `users/${user}/tokens?limit=50`, authorization };
      for (const { id } of accepted(list, await send(list)) as readonly { readonly id: number }[]) {
        const remove = { method: 'DELETE', path: `users/${user}/tokens/${id}`, authorization };
        accepted(remove, await send(remove));
      }
    },
  };
}

/** With a password, because tokens cannot create tokens. */
export async function createToken(
  url: string,
  { name, password }: { readonly name: string; readonly password: string },
  scopes: readonly GiteaScope[],
): Promise<string> {
  const body = { name: `token-${randomUUID()}`, scopes };
  const authorization = basicAuthorization(name, password);
  const asked = { method: 'POST', path: `users/${name}/tokens`, body };
  return (accepted(asked, await giteaApi(url, authorization)(asked)) as { readonly sha1: string }).sha1;
}

function accepted({ method, path: apiPath }: GiteaRequest, { status, body }: GiteaAnswer): unknown {
  if (status < 400) return body;
  throw new Error(`Gitea answers ${status} to ${method} ${apiPath}: ${JSON.stringify(body)}`);
}
