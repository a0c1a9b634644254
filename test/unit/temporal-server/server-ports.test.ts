import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  chooseServerPorts,
  chooseWebUiAddress,
  rememberServerPorts,
} from '../../../src/temporal-server/server-ports';

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'windlass-ports-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

it('are those of the last run, so that links keep working', async () => {
  const first = await chooseServerPorts(dataDir);
  await rememberServerPorts(dataDir, first);
  await expect(chooseServerPorts(dataDir)).resolves.toEqual(first);
});

it('are others while somebody holds one of the last', async () => {
  const first = await chooseServerPorts(dataDir);
  await rememberServerPorts(dataDir, first);
  const holder = createServer().listen(first.uiPort, '127.0.0.1');
  await once(holder, 'listening');
  const chosen = await chooseServerPorts(dataDir);
  holder.close();
  expect(chosen.uiPort).not.toBe(first.uiPort);
});

it.each(['', '{"port":0,"uiPort":99999}', 'null'])(
  'are chosen again when what was remembered is %j',
  async (text) => {
    await writeFile(join(dataDir, 'ports.json'), text);
    await expect(chooseServerPorts(dataDir)).resolves.toEqual({
      port: expect.any(Number),
      uiPort: expect.any(Number),
    });
  },
);

it('hide the Web UI itself at an address that no page can guess, where the system has more than one', async () => {
  const addresses = await Promise.all(Array.from({ length: 5 }, chooseWebUiAddress));
  const hosts = new Set(addresses.map(({ host }) => host));
  expect([...hosts].filter((host) => !/^127(\.\d{1,3}){3}$/.test(host))).toEqual([]);
  expect(hosts.size).toBe(process.platform === 'linux' ? addresses.length : 1);
});
