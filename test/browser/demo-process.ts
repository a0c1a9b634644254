import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const entry = resolve(__dirname, '../../dist/demo/main.js');

/** `npm run demo`, already built, as a process that writes to no terminal. */
export interface DemoProcess {
  /** All that it wrote so far. */
  output(): string;
  /** Presses Enter. */
  pressEnter(): void;
  /** Presses Ctrl-C, and waits for its end. @returns its exit code */
  interrupt(): Promise<number | null>;
}

/** @param directory where it may write: its TMPDIR */
export function startDemo(directory: string): DemoProcess {
  if (!existsSync(entry)) throw new Error('The demo is not built: npm run build.');
  const child = spawn(process.execPath, [entry], {
    env: { ...process.env, TMPDIR: directory },
    stdio: 'pipe',
  });
  const ended = once(child, 'close');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return {
    output: () => output,
    pressEnter() {
      child.stdin.write('\n');
    },
    async interrupt() {
      child.kill('SIGINT');
      await ended;
      return child.exitCode;
    },
  };
}
