import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const root = resolve(__dirname, '../..');

/** The addresses in a program's `ready` log line. */
export type Addresses = Readonly<
  Partial<Record<'webhook' | 'api' | 'health' | 'metrics' | 'temporal' | 'temporalUi', string>>
>;

/** The built program as a process of its own, as a user runs it. */
export interface Program {
  readonly pid: number;
  readonly ready: Promise<Addresses>;
  /** All that it wrote so far, both streams. */
  output(): string;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
  /** Asks it to stop. @returns its exit code */
  stop(): Promise<number | null>;
}

/** @param checkout another one than this, with its program built */
export function startProgram(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  checkout: string = root,
): Program {
  const entry = join(checkout, 'dist/src/program/main.js');
  if (!existsSync(entry)) throw new Error('The program is not built: npm run build.');
  const child = spawn(process.execPath, [entry, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  const lines: string[] = [];
  const ready = new Promise<Addresses>((settle, refuse) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on('line', (line) => {
        lines.push(line);
        const entry = parse(line);
        if (entry?.msg === 'ready') settle(entry);
      });
    }
    void ended.then(() => refuse(new Error(`windlass ${args.join(' ')} ended:\n${lines.join('\n')}`)));
  });
  ready.catch(() => undefined);
  return {
    pid: pidOf(child),
    ready,
    output: () => lines.join('\n'),
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
      return child.exitCode;
    },
  };
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('The program could not be started.');
  return child.pid;
}

function parse(line: string): (Addresses & { readonly msg?: unknown }) | undefined {
  try {
    return JSON.parse(line) as Addresses & { readonly msg?: unknown };
  } catch {
    return undefined;
  }
}
