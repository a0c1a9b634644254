import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Surroundings } from '../../cli/surroundings';
import { processTerminal } from '../../cli/terminal/process-terminal';
import { environmentVariable } from '../../config/setting';
import { settings } from '../../config/settings';

/** The surroundings of the commands in this process. */
export function processSurroundings(): Surroundings {
  const { env } = process;
  const dataDir = env[environmentVariable(settings.dataDir)] || settings.dataDir.default(env);
  return {
    terminal: processTerminal(env),
    env,
    now: Date.now,
    pause: (ms) => pause(ms),
    dev: { server: 'http://127.0.0.1:8083', tokenFile: join(dataDir, 'api-token') },
  };
}
