import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInstallation, type Installation, type InstallationOptions } from '../installation';
import { type Program } from '../program';
import { type DashboardServer } from './dashboard-page';

export interface RealDashboard extends DashboardServer {
  /** Its Pipeline `apps/shop` goes through dev, staging and prod by pull requests of `installation.forge`. */
  readonly installation: Installation;
  readonly program: Program;
  close(): Promise<void>;
}

/** The built program, `windlass dev`, with the demo's forge: see `createInstallation`. The token may do everything. */
export async function startRealDashboard(options: InstallationOptions = {}): Promise<RealDashboard> {
  const installation = await createInstallation(options);
  try {
    const program = await installation.startDev();
    const { api } = await program.ready;
    if (api === undefined) throw new Error(`The program serves no API:\n${program.output()}`);
    const token = await readFile(join(installation.directory, 'data/api-token'), 'utf8');
    return {
      url: api,
      token: token.trim(),
      installation,
      program,
      close: () => installation.close(),
    };
  } catch (error) {
    await installation.close();
    throw error;
  }
}
