/** How the commands of operators run: their code is loaded when one of them does. */
import { type ConnectionFlags } from '../../cli/access/choose-access';
import { type Session } from '../../cli/access/open-session';
import { CommandFault, type Ending, exitCodes } from '../../cli/exit-codes';
import { type Surroundings } from '../../cli/surroundings';

/** What the program has of the process that it is in. */
export interface Outside {
  surroundings(): Promise<Surroundings>;
  /** @param code the exit code of the process */
  end(code: number): void;
}

export const thisProcess: Outside = {
  surroundings: async () => (await import('./surroundings.ts')).processSurroundings(),
  end: (code) => {
    process.exitCode = code;
  },
};

/** Runs a command with a connection to the server. */
export async function inSession(
  outside: Outside,
  flags: ConnectionFlags,
  run: (session: Session) => Promise<Ending>,
): Promise<void> {
  await toItsEnd(outside, async (surroundings) => {
    const { openSession } = await import('../../cli/access/open-session.ts');
    return run(await openSession(flags, surroundings));
  });
}

/** Runs a command and turns its faults into a line and an exit code. */
export async function toItsEnd(
  outside: Outside,
  run: (surroundings: Surroundings) => Promise<Ending>,
): Promise<void> {
  const surroundings = await outside.surroundings();
  try {
    outside.end(exitCodes[await run(surroundings)].code);
  } catch (error) {
    if (!(error instanceof CommandFault)) throw error;
    surroundings.terminal.note(`windlass: ${error.message}`);
    outside.end(exitCodes[error.ending].code);
  }
}
