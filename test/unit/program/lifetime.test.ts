import { pino } from 'pino';
import { ConfigurationError } from '../../../src/config/configuration-error';
import { runUntilStopped } from '../../../src/program/lifetime/lifetime';

it('a configuration that turns out to be invalid ends the program as one that was read does', async () => {
  const lines: string[] = [];
  const log = pino({ level: 'error' }, { write: (line) => void lines.push(line) });
  let closed = false;
  const running = runUntilStopped(log, async (parts) => {
    await parts.add({
      close: () => {
        closed = true;
        return Promise.resolve();
      },
    });
    throw new ConfigurationError(['--api-tokens-file: tokens.yaml does not exist.']);
  });
  await expect(running).rejects.toBeInstanceOf(ConfigurationError);
  expect(closed).toBe(true);
  expect(lines).toEqual([]);
});
