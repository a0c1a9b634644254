/**
 * One holder at a time for a name, among all processes that share a directory. A file created exclusively is the lock;
 * its holder touches it while it lives, so that the lock of one that was killed can be recognized and taken.
 */
import { randomUUID } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat, utimes, link } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { backOffMs } from '../../domain/back-off';
import { abortReason } from '../process/git-command';

const touchEveryMs = 3_000;
/** Longer than a busy machine stalls an event loop. Measured by the waiter's clock alone: clocks may differ. */
const defaultDeadAfterMs = 20_000;
/** For a caller that does not wait, and so has only the clock: far longer than clocks differ. */
const abandonedAfterMs = 600_000;
const poll = { firstMs: 10, longestMs: 200 };

const ownerSchema = z.object({ machine: z.string(), pid: z.number().int().positive(), token: z.string() });
type Owner = z.infer<typeof ownerSchema>;

interface HeldLock {
  release(): Promise<void>;
}

export interface RepositoryLocks {
  /** Waits for the lock. @throws the signal's reason */
  acquire(name: string, signal: AbortSignal): Promise<HeldLock>;
  /** @returns undefined when it is held */
  tryAcquire(name: string): Promise<HeldLock | undefined>;
}

/**
 * @param directory made when it is absent
 * @param deadAfterMs for how long a waiter must see a lock untouched to take its holder for dead
 */
export function createRepositoryLocks(directory: string, deadAfterMs = defaultDeadAfterMs): RepositoryLocks {
  const machine = machineIdentity();
  const held = new Set<string>();
  /** The end of each name's queue: within the process, waiters take turns and only the first looks at the file. */
  const queues = new Map<string, Promise<void>>();

  const attempt = async (name: string): Promise<HeldLock | undefined> => {
    const owner: Owner = { machine, pid: process.pid, token: randomUUID() };
    const file = join(directory, `${name}.lock`);
    held.add(owner.token);
    const created = await createExclusively(file, owner).catch((error: unknown) => {
      held.delete(owner.token);
      throw error;
    });
    if (!created) {
      held.delete(owner.token);
      return undefined;
    }
    const touching = setInterval(() => {
      const now = new Date();
      utimes(file, now, now).catch(() => undefined);
    }, touchEveryMs);
    touching.unref();
    return {
      async release() {
        clearInterval(touching);
        if ((await readOwner(file))?.token === owner.token) await rm(file, { force: true });
        held.delete(owner.token);
      },
    };
  };

  const isDead = (owner: Owner | undefined): boolean => {
    if (owner?.machine !== machine) return false;
    // Our own number with a token that we do not hold: a container's process 1 of an earlier life.
    return owner.pid === process.pid ? !held.has(owner.token) : !isAlive(owner.pid);
  };

  const acquireAmongProcesses = async (name: string, signal: AbortSignal): Promise<HeldLock> => {
    const file = join(directory, `${name}.lock`);
    let seen: Observation | undefined;
    for (let n = 1; ; n++) {
      if (signal.aborted) throw abortReason(signal);
      const lock = await attempt(name);
      if (lock !== undefined) return lock;
      seen = await observe(file, seen);
      if (seen !== undefined && (isDead(seen.owner) || performance.now() - seen.since > deadAfterMs)) {
        await remove(file, seen);
        continue;
      }
      await delay(backOffMs(poll, n), undefined, { signal }).catch(() => undefined);
    }
  };

  return {
    async acquire(name, signal) {
      const before = queues.get(name) ?? Promise.resolve();
      let leave: () => void = () => undefined;
      const turn = new Promise<void>((resolve) => (leave = resolve));
      const end = before.then(() => turn);
      queues.set(name, end);
      const done = () => {
        leave();
        if (queues.get(name) === end) queues.delete(name);
      };
      try {
        await settledOrAborted(before, signal);
        await mkdir(directory, { recursive: true });
        const lock = await acquireAmongProcesses(name, signal);
        return { release: () => lock.release().finally(done) };
      } catch (error) {
        done();
        throw error;
      }
    },
    async tryAcquire(name) {
      if (queues.has(name)) return undefined;
      await mkdir(directory, { recursive: true });
      const file = join(directory, `${name}.lock`);
      const seen = await observe(file, undefined);
      if (seen !== undefined && (isDead(seen.owner) || Date.now() - seen.touched > abandonedAfterMs)) {
        await remove(file, seen);
      }
      return attempt(name);
    },
  };
}

async function createExclusively(file: string, owner: Owner): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', 0o600);
    try {
      await handle.writeFile(JSON.stringify(owner));
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

interface Observation {
  readonly owner: Owner | undefined;
  readonly touched: number;
  /** When this state was first seen, by performance.now(). */
  readonly since: number;
}

async function observe(file: string, before: Observation | undefined): Promise<Observation | undefined> {
  const touched = await stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
  if (touched === undefined) return undefined;
  const owner = await readOwner(file);
  const unchanged =
    before !== undefined && before.touched === touched && before.owner?.token === owner?.token;
  return { owner, touched, since: unchanged ? before.since : performance.now() };
}

/**
 * Takes a dead holder's lock away. Two waiters may have seen it dead: what was moved aside turns out to be the new
 * holder's lock where the other was quicker, and goes back.
 */
async function remove(file: string, dead: Observation): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch {
    return;
  }
  const moved = await readOwner(aside);
  if (moved?.token !== dead.owner?.token) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
}

async function readOwner(file: string): Promise<Owner | undefined> {
  try {
    return ownerSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Process numbers mean something within one PID namespace only; containers of one pod share a host name. */
function machineIdentity(): string {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

async function settledOrAborted(turn: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw abortReason(signal);
  const listening = new AbortController();
  await new Promise<void>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(abortReason(signal)), { signal: listening.signal });
    void turn.then(resolve);
  }).finally(() => listening.abort());
}
