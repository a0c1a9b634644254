/** A PostgreSQL of its own, on loopback. */
import { execFile } from 'node:child_process';
import { access, chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { constants } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../free-port';
import { eventually } from '../eventually';
import { type ServerProcess, startServerProcess } from '../server-process';

const run = promisify(execFile);
const readyLimitMs = 60_000;

const programs = ['initdb', 'postgres', 'pg_isready', 'pg_dump', 'pg_restore'] as const;

/** Where Debian's packages put the programs, a directory for each major version. */
const debianDirectory = '/usr/lib/postgresql';

export interface Postgres {
  readonly port: number;
  readonly user: string;
  /** The process that starts all others of this server. */
  readonly pid: number;
  /** Runs one of its programs as a client of this server. @throws Error with what it wrote to standard error */
  client(program: 'pg_dump' | 'pg_restore', ...args: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param settings of postgresql.conf, as `name=value`
 * @param wantedPort of one that has been closed, to take its place; a free one if it is absent
 * @throws Error that says what to install
 */
export async function startPostgres(settings: readonly string[], wantedPort?: number): Promise<Postgres> {
  const directoryOfPrograms = await findPrograms();
  const user = 'temporal';
  const directory = await mkdtemp(path.join(tmpdir(), 'windlass-postgres-'));
  // It refuses to run as root; Debian's package has made a user for it.
  const asUser = process.getuid?.() === 0 ? ['runuser', '-u', 'postgres', '--'] : [];
  if (asUser.length > 0) await chown(directory, ...(await idsOf('postgres')));
  const as = (program: string, ...args: string[]): [string, string[]] => {
    const [command = '', ...rest] = [...asUser, path.join(directoryOfPrograms, program), ...args];
    return [command, rest];
  };
  let server: ServerProcess | undefined;
  const close = async (): Promise<void> => {
    await server?.stop();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await run(...as('initdb', '-D', directory, '-A', 'trust', '-U', user, '-E', 'UTF8'));
    const port = wantedPort ?? (await freePort());
    const options = [`unix_socket_directories=${directory}`, 'listen_addresses=127.0.0.1', ...settings];
    const started = startServerProcess(
      ...as('postgres', '-D', directory, '-p', String(port), ...options.flatMap((each) => ['-c', each])),
    );
    server = started;
    await eventually(async () => {
      started.requireRunning();
      await run(...as('pg_isready', '-h', '127.0.0.1', '-p', String(port)));
    }, readyLimitMs);
    const address = ['--host', '127.0.0.1', '--port', String(port), '--username', user];
    return {
      ...{ port, user, pid: started.pid, close },
      async client(program, ...args) {
        await run(path.join(directoryOfPrograms, program), [...address, ...args]);
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @returns the directory of the newest PostgreSQL on this machine */
async function findPrograms(): Promise<string> {
  const versions = await readdir(debianDirectory).catch(() => []);
  const debian = versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => path.join(debianDirectory, version, 'bin'));
  for (const directory of [...(process.env['PATH'] ?? '').split(path.delimiter), ...debian]) {
    const looks = programs.map((program) => access(path.join(directory, program), constants.X_OK));
    const found = await Promise.all(looks).then(
      () => true,
      () => false,
    );
    if (found) return directory;
  }
  throw new Error(
    'PostgreSQL was not found. Install it (apt-get install postgresql), or put its programs on PATH.',
  );
}

async function idsOf(user: string): Promise<[uid: number, gid: number]> {
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, user])).stdout)),
  );
  return [uid ?? 0, gid ?? 0];
}
