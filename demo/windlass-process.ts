import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { DemoFailure } from './demo-failure';

/** Enough for Temporal and a worker to finish their work. */
const stopMs = 40_000;
const keptLines = 12;

const readySchema = z.object({
  msg: z.literal('ready'),
  webhook: z.url(),
  api: z.url(),
  temporal: z.string(),
  temporalUi: z.url(),
});
export type Addresses = Omit<z.output<typeof readySchema>, 'msg'>;

const lineSchema = z.looseObject({ level: z.string(), msg: z.string() });

/** `windlass dev`, run as a user runs it. */
export class WindlassProcess {
  /** Its addresses, once it listens. */
  readonly ready: Promise<Addresses>;
  /** Rejects with a DemoFailure if it ends before it is stopped. */
  readonly failed: Promise<never>;
  /** Its last message. */
  lastMessage = 'Windlass starts';

  private readonly recent: string[] = [];
  private readonly ended: Promise<unknown>;
  private readonly child: ChildProcess;
  private stopping = false;

  constructor(options: {
    readonly pipelinesDir: string;
    readonly policyFile: string;
    readonly dataDir: string;
  }) {
    const anyPort = '127.0.0.1:0';
    const args = [
      resolve(__dirname, '../src/program/main.js'),
      'dev',
      `--pipelines-dir=${options.pipelinesDir}`,
      `--policy-file=${options.policyFile}`,
      `--data-dir=${options.dataDir}`,
      `--promotion-hook-bind-address=${anyPort}`,
      `--api-bind-address=${anyPort}`,
      `--health-probe-bind-address=${anyPort}`,
      `--metrics-bind-address=0`,
      '--log-encoding=json',
    ];
    // In its own process group: Ctrl-C reaches only the demo, which then stops everything in order.
    this.child = spawn(process.execPath, args, {
      detached: true,
      env: environment(process.env),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { stdout, stderr } = this.child;
    this.ended = new Promise((settle) => {
      this.child.once('close', settle).once('error', settle);
    });
    this.failed = this.ended.then(() => {
      throw this.stopping
        ? new DemoFailure('Windlass was stopped.')
        : new DemoFailure('Windlass ended unexpectedly. Fix the cause below, then start again:', this.recent);
    });
    this.failed.catch(() => undefined);
    this.ready = new Promise((settle) => {
      if (stdout !== null) createInterface(stdout).on('line', (line) => this.read(line, settle));
      if (stderr !== null) createInterface(stderr).on('line', (line) => this.record(line));
    });
  }

  /** Its last log lines. */
  log(): readonly string[] {
    return this.recent;
  }

  /** Stops it and all of its child processes. */
  async close(): Promise<void> {
    this.stopping = true;
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => {
      if (this.child.pid !== undefined) process.kill(-this.child.pid, 'SIGKILL');
    }, stopMs);
    await this.ended;
    clearTimeout(timer);
  }

  private read(line: string, onReady: (addresses: Addresses) => void): void {
    const json = parseJson(line);
    const logged = lineSchema.safeParse(json);
    this.record(logged.success ? readable(logged.data) : line);
    if (logged.success && logged.data.level === 'info') this.lastMessage = logged.data.msg;
    const ready = readySchema.safeParse(json);
    if (ready.success) onReady(ready.data);
  }

  private record(line: string): void {
    this.recent.push(line);
    if (this.recent.length > keptLines) this.recent.shift();
  }
}

/** One line for the user, without the time and the stack, whose message the line already contains. */
function readable({ level, msg, ts: _ts, err: _err, ...fields }: z.output<typeof lineSchema>): string {
  const rest = Object.keys(fields).length === 0 ? '' : ` ${JSON.stringify(fields)}`;
  return `${level}: ${msg}${rest}`;
}

/** The user's own Windlass settings must not change the demo; a proxy must not affect its connections. */
function environment(given: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = Object.entries(given).filter(
    ([name]) => name === 'WINDLASS_TEMPORAL_CLI' || !name.startsWith('WINDLASS_'),
  );
  return { ...Object.fromEntries(own), ...loopbackWithoutProxy(given) };
}

/** NO_PROXY, in both spellings, with the loopback address added. */
export function loopbackWithoutProxy(given: NodeJS.ProcessEnv): Record<'NO_PROXY' | 'no_proxy', string> {
  const present = given['no_proxy'] ?? given['NO_PROXY'] ?? '';
  const value = [present, '127.0.0.1', 'localhost'].filter((part) => part !== '').join(',');
  return { NO_PROXY: value, no_proxy: value };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
