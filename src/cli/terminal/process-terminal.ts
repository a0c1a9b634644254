import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type Terminal } from './terminal';

type Environment = Readonly<Record<string, string | undefined>>;

/** The terminal of this process. Colors only where a person reads, and never with NO_COLOR (https://no-color.org). */
export function processTerminal(env: Environment): Terminal {
  const { stdin, stdout, stderr } = process;
  // `windlass get pipelines | head` ends the reader first.
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit();
    });
  }
  const plainOnly = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  return {
    columns: stdout.isTTY ? stdout.columns : undefined,
    color: stdout.isTTY && !plainOnly,
    interactive: stdin.isTTY && stderr.isTTY,
    print: (line) => void stdout.write(`${line}\n`),
    note: (line) => void stderr.write(`${line}\n`),
    ask: (question) => askLine(question, stderr),
    async askHidden(question) {
      stderr.write(question);
      const answer = await askLine('', silent());
      stderr.write('\n');
      return answer;
    },
    readInput: () => text(stdin),
  };
}

function askLine(question: string, output: NodeJS.WritableStream): Promise<string | undefined> {
  const reader = createInterface({ input: process.stdin, output, terminal: true });
  return new Promise((settle) => {
    reader.once('close', () => settle(undefined));
    // Ctrl-C ends the program, as it does elsewhere.
    reader.once('SIGINT', () => process.exit(130));
    reader.question(question, (answer) => {
      settle(answer);
      reader.close();
    });
  });
}

function silent(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
