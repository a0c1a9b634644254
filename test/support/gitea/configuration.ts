import { randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';
import path from 'node:path';

/** Where a Gitea keeps its things, and where it listens. */
export interface GiteaPlace {
  readonly directory: string;
  /** Its templates and options, of the version that the program is. */
  readonly staticRoot: string;
  readonly port: number;
  /** Of its built-in SSH server; absent: it has none. */
  readonly sshPort?: number;
}

/** The text of an `app.ini`. https://docs.gitea.com/administration/config-cheat-sheet */
export function giteaConfiguration({ directory, staticRoot, port, sshPort }: GiteaPlace): string {
  const { username } = userInfo();
  const file = (name: string) => path.join(directory, name);
  const url = `http://127.0.0.1:${port}/`;
  const ssh =
    sshPort === undefined
      ? ['DISABLE_SSH = true']
      : [
          'START_SSH_SERVER = true',
          'SSH_DOMAIN = 127.0.0.1',
          'SSH_LISTEN_HOST = 127.0.0.1',
          `SSH_LISTEN_PORT = ${sshPort}`,
          `SSH_PORT = ${sshPort}`,
          'BUILTIN_SSH_SERVER_USER = git',
          'SSH_SERVER_HOST_KEYS = ssh/host-key',
        ];
  const secret = () => randomBytes(32).toString('hex');
  return [
    `RUN_USER = ${username}`,
    ...(process.getuid?.() === 0 ? ['I_AM_BEING_UNSAFE_RUNNING_AS_ROOT = true'] : []),
    `APP_DATA_PATH = ${file('data')}`,
    '[server]',
    ...['PROTOCOL = http', 'HTTP_ADDR = 127.0.0.1', `HTTP_PORT = ${port}`, `ROOT_URL = ${url}`],
    ...['OFFLINE_MODE = true', `STATIC_ROOT_PATH = ${staticRoot}`, `APP_DATA_PATH = ${file('data')}`],
    ...ssh,
    '[database]',
    ...['DB_TYPE = sqlite3', `PATH = ${file('gitea.db')}`, 'SQLITE_JOURNAL_MODE = WAL'],
    '[repository]',
    ...[`ROOT = ${file('repositories')}`, 'DEFAULT_BRANCH = main'],
    '[security]',
    // One iteration is enough for passwords that last as long as a test.
    ...['INSTALL_LOCK = true', `SECRET_KEY = ${secret()}`, 'PASSWORD_HASH_ALGO = pbkdf2$1$50'],
    `INTERNAL_TOKEN = ${internalToken()}`,
    '[oauth2]',
    `JWT_SECRET = ${randomBytes(32).toString('base64url')}`,
    '[service]',
    ...['DISABLE_REGISTRATION = true', 'REGISTER_EMAIL_CONFIRM = false'],
    '[webhook]',
    'ALLOWED_HOST_LIST = loopback',
    '[cron]',
    'ENABLED = false',
    '[indexer]',
    'ISSUE_INDEXER_TYPE = db',
    '[actions]',
    'ENABLED = false',
    '[log]',
    ...['MODE = console', 'LEVEL = warn'],
    '',
  ].join('\n');
}

/** A JSON Web Token in form alone: Gitea compares it as it is. */
function internalToken(): string {
  return randomBytes(48).toString('base64url');
}
