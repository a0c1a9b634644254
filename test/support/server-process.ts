import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Enough to see why a server ended. */
const keptOutput = 20_000;

/** A server's program, which never outlives the tests. */
export interface ServerProcess {
  readonly pid: number;
  /** @throws Error with the end of its output when it has ended */
  requireRunning(): void;
  stop(): Promise<void>;
}

/** @param env instead of this process's environment */
export function startServerProcess(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): ServerProcess {
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-keptOutput);
    });
  }
  let running = true;
  const ended = once(child, 'close')
    .catch((error: unknown) => {
      output += String(error);
    })
    .then(() => {
      running = false;
    });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  return {
    // 0 where it could not be started: `requireRunning` says why.
    pid: child.pid ?? 0,
    requireRunning() {
      if (!running) throw new Error(`${program} ended:\n${output}`);
    },
    async stop() {
      process.off('exit', kill);
      child.kill('SIGTERM');
      // A watch that somebody holds open keeps an API server for a minute.
      const impatience = setTimeout(kill, 2_000);
      await ended;
      clearTimeout(impatience);
    },
  };
}
