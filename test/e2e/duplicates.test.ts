import { branchOf, createInstallation, type Installation, post } from '../support/installation';
import { ended, laneState, openPullRequests } from '../support/lane-outcomes';

let installation: Installation;

beforeAll(async () => {
  installation = await createInstallation();
  await Promise.all([installation.startApi(), installation.startWorker()]);
}, 120_000);
afterAll(() => installation.close());

it('the same event, five times at once and once more later, makes one push and one pull request', async () => {
  const pushes: string[] = [];
  installation.forge.onPush(({ branch }) => void pushes.push(branch));
  const event = installation.sign({ version: '1.1.0', release: 2 });

  const answers = await Promise.all(Array.from({ length: 5 }, () => post(event)));
  const bodies = await Promise.all(answers.map((answer) => answer.json()));
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
  expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
  await ended(installation, '1.1.0', 'pull-request');
  expect((await post(event)).status).toBe(202);

  // A later event shows that the lane has been through all of the earlier ones.
  await installation.report({ version: '1.2.0', release: 3 });
  await ended(installation, '1.2.0', 'pull-request');
  const { outcomes } = await laneState(installation);
  expect(outcomes.map(({ version }) => version)).toEqual(['1.2.0', '1.1.0']);
  expect(pushes).toEqual([branchOf('staging'), branchOf('staging')]);
  expect(openPullRequests(installation)).toHaveLength(1);
  const created = installation.forge.requests.filter(
    ({ kind, method, path }) => kind === 'api' && method === 'POST' && path.endsWith('/pulls'),
  );
  expect(created).toHaveLength(1);
});
