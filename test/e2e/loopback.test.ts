import { createInstallation, type Installation } from '../support/installation';
import { eventually } from '../support/eventually';
import { ended, openPullRequests } from '../support/lane-outcomes';

/** Unlike the other tests' installations, this one names no hosts of its own. */
const env = { WINDLASS_ALLOWED_HOSTS: '' };
let installation: Installation;

beforeEach(async () => {
  installation = await createInstallation({ env });
});
afterEach(() => installation.close());

it('a Pipeline cannot make a worker call the services of its machine', async () => {
  await Promise.all([installation.startApi(), installation.startWorker()]);
  expect((await installation.report({ version: '1.1.0', release: 2 })).status).toBe(202);
  const { outcomes } = await ended(installation, '1.1.0', 'failed');
  expect(outcomes[0]?.detail).toMatch(/^127\.0\.0\.1 is this machine.*--allowed-hosts/);
  expect(installation.forge.requests).toEqual([]);
});

it('windlass dev, with Pipelines in a directory, calls the services of its machine for them', async () => {
  await installation.startDev();
  expect((await installation.report({ version: '1.1.0', release: 2 })).status).toBe(202);
  await eventually(() => expect(openPullRequests(installation)).toHaveLength(1));
});
