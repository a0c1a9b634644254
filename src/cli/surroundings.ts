import { type Terminal } from './terminal/terminal';

/** What the commands use of the machine that they run on. */
export interface Surroundings {
  readonly terminal: Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
  /** `windlass dev` of this machine: used where nothing names a server. */
  readonly dev: { readonly server: string; readonly tokenFile: string };
}
