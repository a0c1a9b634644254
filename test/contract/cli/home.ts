import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CommandLine, type CommandResult, runCommand } from '../../support/command-line';
import { type OperatorApi, startOperatorApi } from '../../support/operator-api';

/** A server, a home, and `windlass` between them. */
export interface Place {
  readonly api: OperatorApi;
  readonly home: string;
  /** Runs `windlass` with the server and its token. */
  run(
    line: string | readonly string[],
    given?: Partial<CommandLine>,
    onLine?: (line: string) => void,
  ): Promise<CommandResult>;
  /** @throws Error if a request did not fit the API's table */
  close(): Promise<void>;
}

export async function openPlace(): Promise<Place> {
  const api = await startOperatorApi();
  const home = await mkdtemp(join(tmpdir(), 'windlass-cli-'));
  return {
    api,
    home,
    run(line, { env, ...given } = {}, onLine = () => undefined) {
      const args = typeof line === 'string' ? line.split(' ') : line;
      const known = { WINDLASS_SERVER: api.url, WINDLASS_TOKEN: api.token };
      return runCommand(args, { home, env: { ...known, ...env }, ...given }, onLine);
    },
    async close() {
      await api.close();
      await rm(home, { recursive: true });
      if (api.faults.length > 0) throw new Error(api.faults.join('\n'));
    },
  };
}
