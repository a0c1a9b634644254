/** Runs `windlass` in this process, with a terminal of the test's own. */
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { type Surroundings } from '../../src/cli/surroundings';
import { createProgram } from '../../src/program/program';

export interface CommandLine {
  /** Its folder for `XDG_CONFIG_HOME` and the data directory of `windlass dev`. */
  readonly home: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Someone reads the output: the width of the terminal. */
  readonly columns?: number;
  readonly color?: boolean;
  /** What someone types; absent: no one can answer. */
  readonly answers?: readonly string[];
  readonly input?: string;
  readonly now?: number;
}

export interface CommandResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** Milliseconds that it waited, without waiting. */
  readonly waited: number;
}

/** @param onLine is called with each line of standard output and error */
export async function runCommand(
  args: readonly string[],
  {
    home,
    env = {},
    columns,
    color = false,
    answers,
    input,
    now = Date.parse('2026-11-28T12:00:00Z'),
  }: CommandLine,
  onLine: (line: string) => void = () => undefined,
): Promise<CommandResult> {
  const out: string[] = [];
  const err: string[] = [];
  const typed = [...(answers ?? [])];
  let waited = 0;
  let code: number | undefined;
  const ask = (question: string): Promise<string | undefined> => {
    err.push(question);
    return Promise.resolve(typed.shift());
  };
  const surroundings: Surroundings = {
    terminal: {
      columns,
      color,
      interactive: answers !== undefined,
      print(line) {
        out.push(line);
        onLine(line);
      },
      note(line) {
        err.push(line);
        onLine(line);
      },
      ask,
      askHidden: ask,
      readInput: () => Promise.resolve(input ?? ''),
    },
    env: { HOME: home, XDG_CONFIG_HOME: join(home, 'config'), ...env },
    now: () => now + waited,
    async pause(ms) {
      waited += ms;
      await new Promise((settle) => setImmediate(settle));
    },
    dev: { server: 'http://127.0.0.1:8083', tokenFile: join(home, 'data', 'api-token') },
  };
  const program = createProgram({
    surroundings: () => Promise.resolve(surroundings),
    end: (given) => {
      code = given;
    },
  });
  for (const command of [
    program,
    ...program.commands,
    ...program.commands.flatMap((each) => each.commands),
  ]) {
    command
      .exitOverride()
      .configureOutput({ writeOut: (text) => out.push(text), writeErr: (text) => err.push(text) });
  }
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    // As src/program/main.ts does.
    if (!(error instanceof CommanderError)) throw error;
    code = error.exitCode === 0 ? 0 : 2;
  }
  if (code === undefined) throw new Error(`windlass ${args.join(' ')} said no exit code.`);
  return { code, out: out.join('\n'), err: err.join('\n'), waited };
}
