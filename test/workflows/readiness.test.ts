import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { readConfig } from '../../src/config/config';
import { openApi } from '../../src/program/commands/api';
import { openFoundation } from '../../src/program/composition/foundation';
import { OpenParts } from '../../src/program/lifetime/open-parts';
import { temporalTargetAt } from '../../src/temporal/connection';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'windlass-ready-'));
});
afterEach(() => rm(directory, { recursive: true }));

it('api is not ready before its webhook listens', async () => {
  const config = readConfig(
    {
      pipelinesDir: directory,
      hookBindAddress: '127.0.0.1:0',
      healthBindAddress: '127.0.0.1:0',
      metricsBindAddress: '0',
    },
    {},
  );
  const parts = new OpenParts();
  const target = temporalTargetAt(process.env['WINDLASS_TEST_TEMPORAL_ADDRESS']!, 'default');
  const log = pino({ level: 'silent' });
  const foundation = await openFoundation(parts, { config, log, target, awaits: ['webhook'] });
  const ask = async () => (await fetch(foundation.addresses['health']!)).text();
  expect(await ask()).toContain('not ready: webhook.');
  await openApi(parts, foundation);
  expect(await ask()).toBe('ok\n');
  await parts.close();
});
