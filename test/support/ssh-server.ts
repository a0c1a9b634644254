/** A real OpenSSH server in front of bare repositories, on a free loopback port. It runs as the user of the tests. */
import { execFileSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { eventually } from './eventually';
import { freePort } from './free-port';
import { type ServerProcess, startServerProcess } from './server-process';

export interface SshKey {
  /** In OpenSSH's format. */
  readonly private: string;
  readonly public: string;
}

export interface SshServer {
  readonly port: number;
  readonly root: string;
  /** A known_hosts line with the key that the server shows. */
  knownHosts(): string;
  /** Makes an empty bare repository; returns its directory. */
  createRepository(name: string): string;
  /** `ssh://user@127.0.0.1:port/name.git` */
  urlOf(name: string): string;
  /** Lets who has this key in, and nobody else. */
  authorize(key: SshKey): void;
  /** Starts again with another host key. */
  changeHostKey(): Promise<void>;
  close(): Promise<void>;
}

/** @param passphrase encrypts the private key */
export function createSshKey(directory: string, name: string, passphrase = ''): SshKey {
  const path = join(directory, name);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-C', name, '-f', path]);
  return { private: readFileSync(path, 'utf8'), public: readFileSync(`${path}.pub`, 'utf8').trim() };
}

export async function startSshServer(): Promise<SshServer> {
  const program = sshd();
  const root = mkdtempSync(join(tmpdir(), 'ssh-server-'));
  const repositories = join(root, 'repositories');
  const forced = join(root, 'command');
  const authorized = join(root, 'authorized_keys');
  const port = await freePort();
  mkdirSync(repositories);
  writeFileSync(forced, forcedCommand(repositories), { mode: 0o700 });
  writeFileSync(authorized, '');
  // Started by root, sshd wants its directory, which packages make at boot.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
  let hostKey = createSshKey(root, 'host-key-0');
  let started: ServerProcess = await start();
  let keys = 1;

  async function start(): Promise<ServerProcess> {
    const config = join(root, 'sshd_config');
    const hostKeyFile = join(root, 'host-key');
    writeFileSync(hostKeyFile, hostKey.private, { mode: 0o600 });
    writeFileSync(config, sshdConfig(port, hostKeyFile, authorized, join(root, 'pid')));
    const sshServer = startServerProcess(program, ['-D', '-e', '-f', config]);
    await eventually(async () => {
      sshServer.requireRunning();
      expect(await answers(port)).toBe(true);
    });
    return sshServer;
  }

  return {
    port,
    root,
    knownHosts: () => `[127.0.0.1]:${port} ${hostKey.public}\n`,
    createRepository(name) {
      const directory = join(repositories, `${name}.git`);
      execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', directory]);
      return directory;
    },
    urlOf: (name) => `ssh://${userInfo().username}@127.0.0.1:${port}/${name}.git`,
    authorize: (key) => {
      writeFileSync(authorized, `command="${forced}",restrict ${key.public}\n`);
    },
    async changeHostKey() {
      hostKey = createSshKey(root, `host-key-${keys++}`);
      await started.stop();
      started = await start();
    },
    async close() {
      await started.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** @throws Error that says how to install it */
function sshd(): string {
  const directories = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  for (const path of directories.map((directory) => join(directory, 'sshd'))) {
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // The next directory.
    }
  }
  throw new Error('sshd was not found. Install OpenSSH server (apt-get install openssh-server).');
}

/** Maps the path of git's command to the repositories, as hosting services do, and lets nothing else run. */
function forcedCommand(repositories: string): string {
  return `#!/bin/sh
case $SSH_ORIGINAL_COMMAND in
  "git-upload-pack '/"* | "git-receive-pack '/"*) ;;
  *) echo "only git" >&2; exit 1 ;;
esac
program=\${SSH_ORIGINAL_COMMAND%% *}
path=\${SSH_ORIGINAL_COMMAND#*\\'/}
exec "git" "\${program#git-}" "${repositories}/\${path%\\'}"
`;
}

function sshdConfig(port: number, hostKey: string, authorizedKeys: string, pid: string): string {
  return `Port ${port}
ListenAddress 127.0.0.1
HostKey ${hostKey}
AuthorizedKeysFile ${authorizedKeys}
PidFile ${pid}
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
AcceptEnv GIT_PROTOCOL
LogLevel VERBOSE
`;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
    socket.once('close', () => {
      resolve(false);
    });
  });
}
